// SPDX-License-Identifier: Apache-2.0
// A bare number of milliwatts does not become Watts by assignment.
#include "assay/units/units.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
Watts power = milliwatts(301000.0);
#else
Watts power = 301000.0;
#endif

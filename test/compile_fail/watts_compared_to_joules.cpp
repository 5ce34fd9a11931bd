// SPDX-License-Identifier: Apache-2.0
// Power is not energy: a comparison needs a time.
#include "assay/units/units.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
bool more = Watts(1) * Seconds(1) < Joules(1);
#else
bool more = Watts(1) < Joules(1);
#endif

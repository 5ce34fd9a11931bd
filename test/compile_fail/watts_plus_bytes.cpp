// SPDX-License-Identifier: Apache-2.0
// Two units don't add up.
#include "assay/units/units.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
auto sum = Watts(1) + Watts(1);
#else
auto sum = Watts(1) + Bytes(1);
#endif

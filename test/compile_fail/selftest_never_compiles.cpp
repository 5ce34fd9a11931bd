// SPDX-License-Identifier: Apache-2.0
// Breaks the contract of a case: it fails for another reason than the mistake.
#include "assay/units/units.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
auto sum = Watts(1) + Wats(1);
#else
auto sum = Watts(1) + Bytes(1);
#endif

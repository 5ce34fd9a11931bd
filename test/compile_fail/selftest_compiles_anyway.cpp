// SPDX-License-Identifier: Apache-2.0
// Breaks the contract of a case: the mistake compiles.
#include "assay/units/units.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
auto sum = Watts(1) + Watts(2);
#else
auto sum = Watts(1) + Watts(1);
#endif

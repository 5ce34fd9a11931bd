// SPDX-License-Identifier: Apache-2.0
// 87 may be a fraction or a percentage: a Ratio has no constructor from a bare number.
#include "assay/units/units.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
Ratio busy = Ratio::percent(87);
#else
Ratio busy(0.87);
#endif

// SPDX-License-Identifier: Apache-2.0
// A percentage out of a driver can't slip in where a Ratio is expected.
#include "assay/units/units.hpp"

using namespace assay;

double loss(Ratio busy) { return 1 - busy.value(); }
double percent = 87;

#ifdef ASSAY_FIXED
double lost = loss(Ratio::percent(percent));
#else
double lost = loss(percent);
#endif

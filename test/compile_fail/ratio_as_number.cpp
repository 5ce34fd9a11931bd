// SPDX-License-Identifier: Apache-2.0
// A Ratio does not turn into a bare number: who takes it must say fraction or per cent.
#include "assay/units/units.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
double busy = Ratio::percent(87).as_percent();
#else
double busy = Ratio::percent(87);
#endif

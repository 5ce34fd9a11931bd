// SPDX-License-Identifier: Apache-2.0
// A price is not a price per hour.
#include "assay/units/units.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
DollarsPerHour price = DollarsPerHour(2.99);
#else
DollarsPerHour price = Dollars(2.99);
#endif

// SPDX-License-Identifier: Apache-2.0
// A count of MiB is not a count of bytes.
#include "assay/units/units.hpp"

using namespace assay;

double total(Bytes memory) { return memory.value(); }
double from_driver_in_mib = 81559;

#ifdef ASSAY_FIXED
double bytes = total(mib(from_driver_in_mib));
#else
double bytes = total(from_driver_in_mib);
#endif

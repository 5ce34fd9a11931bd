// SPDX-License-Identifier: Apache-2.0
// Bytes are not bytes per second.
#include "assay/units/units.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
BytesPerSecond rate = Bytes(1e9) / Seconds(1);
#else
BytesPerSecond rate = Bytes(1e9);
#endif

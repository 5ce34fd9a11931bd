// SPDX-License-Identifier: Apache-2.0
// An id that is not in metrics.def does not compile.
#include "assay/metric/metric.hpp"

using namespace assay;

#ifdef ASSAY_FIXED
auto id = metric::Id::gpu_util;
#else
auto id = metric::Id::gpu_utilisation;
#endif

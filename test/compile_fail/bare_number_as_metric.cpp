// SPDX-License-Identifier: Apache-2.0
// A number alone says neither unit, state nor source.
#include "assay/sample/sample.hpp"

using namespace assay;

void fill(sample::Sample& sample) {
#ifdef ASSAY_FIXED
  sample.set<metric::Id::gpu_util>({});
#else
  sample.set<metric::Id::gpu_util>(1.0);
#endif
}

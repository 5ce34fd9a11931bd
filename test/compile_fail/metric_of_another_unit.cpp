// SPDX-License-Identifier: Apache-2.0
// A metric takes only readings of its own unit.
#include "assay/sample/sample.hpp"

using namespace assay;

void fill(sample::Sample& sample, sample::Source source) {
#ifdef ASSAY_FIXED
  sample.set<metric::Id::power>(sample::Reading<Watts>::measured(Watts(50), source));
#else
  sample.set<metric::Id::power>(sample::Reading<Ratio>::measured(Ratio::percent(50), source));
#endif
}

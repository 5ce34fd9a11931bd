// SPDX-License-Identifier: Apache-2.0
// A Reading may be unknown: it gives its value only as an optional.
#include "assay/sample/sample.hpp"

using namespace assay;

sample::Reading<Watts> power;
#ifdef ASSAY_FIXED
Watts shown = power.value().value_or(Watts(0));
#else
Watts shown = power;
#endif

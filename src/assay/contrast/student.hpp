// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::contrast {

// P(|T| > |t|) of Student's t with `freedom` degrees of freedom (over 0, need not be whole), by the
// regularized incomplete beta function's continued fraction (Abramowitz & Stegun 26.5.8, 26.7.1).
// Within 1e-9 of the exact value.
double two_sided(double t, double freedom);

// The t with two_sided(t) = p, for p in (0, 1).
double quantile(double p, double freedom);

}  // namespace assay::contrast

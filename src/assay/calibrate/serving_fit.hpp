// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/calibrate/prediction.hpp"
#include "assay/roofline/fits.hpp"

// What whole serving runs say: the curves of the class of the chips that were served, in place, and
// the engines' overheads.
namespace assay::calibrate {

// Fits the constants of the served class and of the engines that `runs` name to the measured TTFT
// and TPOT of the runs, from `before`, which is also what it holds to where the runs say little.
// `near` (may be null) is where to begin looking: a fit to more of the same runs. The closed form
// stands in for the simulator while it looks, corrected for each run by what both say at the
// outset; `rounds` times.
roofline::Fits fit_serving(const std::vector<Case>& runs, const roofline::Fits& before,
                           const roofline::Fits* near, int rounds);

// The other classes: each constant changes by the same factor as the served class's did from
// `before` to `after`, where serving engines reach another part of a kernel's own speed.
void transfer(const roofline::Fits& before, roofline::Fits& after);

}  // namespace assay::calibrate

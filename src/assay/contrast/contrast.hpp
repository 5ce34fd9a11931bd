// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "assay/contrast/run.hpp"

namespace assay::contrast {

// less, more: the noise does not account for it. same: no claim, whichever way the means lie.
// unknown: a run does not know the quantity, knows only what it is at least (money, of a device
// that was gone), or has too few windows to judge by.
enum class Claim : std::uint8_t { less, more, same, unknown };
std::string_view to_string(Claim claim);

struct Change {
  std::size_t quantity = 0;  // a place in quantities()
  std::optional<Estimate> a;
  std::optional<Estimate> b;
  Claim claim = Claim::unknown;
  double change = 0;  // b - a
  double margin = 0;  // of the change: all of them hold together with 1 - kError
  double probability =
      1;  // of a difference like this between equal runs, corrected for their number
};

// How often two runs that are equal show any change at all, at most, as far as windows can tell.
inline constexpr double kError = 0.01;
// Fewer independent windows than this tell nothing.
inline constexpr double kLeastEffective = 8;

// Each quantity that either run knows, in the order of quantities(); causes that neither had are
// left out. Welch's t with the effective numbers of windows, Holm's step-down over all that could
// be judged; a change under the quantity's `least` is no claim either.
std::vector<Change> contrast(const Run& a, const Run& b);

}  // namespace assay::contrast

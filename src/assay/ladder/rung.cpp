// SPDX-License-Identifier: Apache-2.0
#include "assay/ladder/rung.hpp"

#include <cmath>

namespace assay::ladder {

using sample::Reason;

Rung sound(const Rung& reading) {
  if (!reading.value()) return reading;
  const double share = reading.value()->value();
  if (!std::isfinite(share))
    return Rung::unknown(Reason::not_finite, reading.source(), reading.window());
  if (share < 0 || share > 1)
    return Rung::invalid(*reading.raw(), Reason::out_of_range, reading.source(), reading.window());
  return reading;
}

Rung sound_ratio(const sample::Sample& sample, metric::Id id) {
  const auto& reading = sample.at_id(id);
  return sound(sample::detail::convert<Ratio>(reading, sample::detail::from_base<Ratio>));
}

}  // namespace assay::ladder

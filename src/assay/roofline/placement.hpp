// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assay/roofline/chip_roof.hpp"
#include "assay/roofline/engine_profile.hpp"
#include "assay/units/units.hpp"

namespace assay::roofline {

// What lies in which tier of one chip's memory: weights fill it from the fastest tier on, the cache
// takes what they leave, the fastest first again. Buffers lie in the fastest. A plain value.
class Placement {
 public:
  struct Tier {
    std::string technology;  // empty: unstated
    Bytes capacity;          // usable
    BytesPerSecond bandwidth;
    Bytes weights;
    Bytes room;  // for cache; below 0 in the last where the weights do not fit
  };

  Placement() = default;
  Placement(const ChipRoof& roof, const Scheduling& scheduling, Bytes weights);

  [[nodiscard]] std::span<const Tier> tiers() const { return tiers_; }
  // For cache in all tiers; below 0: by so much the weights do not fit.
  [[nodiscard]] Bytes room() const;
  // Of a pass over all weights.
  [[nodiscard]] BytesPerSecond weights_bandwidth() const;
  // Of the fastest tier that has room for cache.
  [[nodiscard]] BytesPerSecond cache_bandwidth() const;
  // By what factor a pass over so many bytes of cache takes longer than at cache_bandwidth().
  [[nodiscard]] double cache_slowdown(double bytes) const;
  // How many of so many bytes of cache lie in each tier.
  [[nodiscard]] std::vector<Bytes> cache_in(Bytes bytes) const;

 private:
  std::vector<Tier> tiers_;
};

}  // namespace assay::roofline

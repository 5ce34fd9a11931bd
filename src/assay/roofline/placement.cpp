// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/placement.hpp"

#include <algorithm>

namespace assay::roofline {
namespace {

// Fills tiers with `bytes`, each up to what `room` says of it; the last takes the rest.
template <typename Room, typename Take>
void fill(std::span<const Placement::Tier> tiers, double bytes, Room room, Take take) {
  double left = bytes;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const double here =
        i + 1 == tiers.size() ? left : std::min(left, std::max(0.0, room(tiers[i]).value()));
    take(i, here);
    left -= here;
  }
}

Bytes room_of(const Placement::Tier& tier) { return tier.room; }

}  // namespace

Placement::Placement(const ChipRoof& roof, const Scheduling& scheduling, Bytes weights) {
  for (const ChipRoof::Tier& tier : roof.tiers) {
    const double buffers = tiers_.empty() ? scheduling.reserved_of(tier.capacity.value()) : 0;
    const double usable = tier.capacity.value() * scheduling.memory_fraction - buffers;
    tiers_.push_back({tier.technology, tier.capacity, tier.bandwidth, Bytes(0), Bytes(usable)});
  }
  fill(tiers_, weights.value(), room_of, [&](std::size_t i, double bytes) {
    tiers_[i].weights = Bytes(bytes);
    tiers_[i].room = Bytes(tiers_[i].room.value() - bytes);
  });
}

Bytes Placement::room() const {
  Bytes all;
  for (const Tier& tier : tiers_) all += tier.room;
  return all;
}

BytesPerSecond Placement::weights_bandwidth() const {
  double bytes = 0;
  double seconds = 0;
  for (const Tier& tier : tiers_) {
    bytes += tier.weights.value();
    seconds += tier.weights.value() / tier.bandwidth.value();
  }
  return seconds > 0 ? BytesPerSecond(bytes / seconds) : tiers_.front().bandwidth;
}

BytesPerSecond Placement::cache_bandwidth() const {
  const auto roomy = std::ranges::find_if(tiers_, [](const Tier& t) { return t.room.value() > 0; });
  return roomy != tiers_.end() ? roomy->bandwidth : tiers_.back().bandwidth;
}

double Placement::cache_slowdown(double bytes) const {
  if (tiers_.size() <= 1 || bytes <= 0) return 1;
  double seconds = 0;
  fill(tiers_, bytes, room_of,
       [&](std::size_t i, double here) { seconds += here / tiers_[i].bandwidth.value(); });
  return seconds * cache_bandwidth().value() / bytes;
}

std::vector<Bytes> Placement::cache_in(Bytes bytes) const {
  std::vector<Bytes> out(tiers_.size());
  fill(tiers_, bytes.value(), room_of, [&](std::size_t i, double here) { out[i] = Bytes(here); });
  return out;
}

}  // namespace assay::roofline

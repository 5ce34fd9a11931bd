// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/timeline.hpp"

#include <algorithm>
#include <cmath>

namespace assay::sample {
namespace {

double length(const Tick& tick) { return static_cast<double>(tick.end_ns - tick.begin_ns); }

bool follows(const Tick& tick, const Tick& before) {
  const auto gap = static_cast<double>(tick.begin_ns - before.end_ns);
  return gap < std::min(length(tick), length(before)) / 2;
}

// `a` becomes the mean of both, a channel that one of them lacks that of the other.
void merge(Tick& a, const Tick& b) {
  const double part = length(b) / (length(a) + length(b));
  for (std::size_t i = 0; i < kChannelCount; ++i) {
    float& share = a.share[i];
    if (!std::isfinite(share)) share = b.share[i];
    else if (std::isfinite(b.share[i])) share += static_cast<float>(part) * (b.share[i] - share);
  }
  a.end_ns = b.end_ns;
}

// Neighbours become one, but for those with a gap between them.
std::vector<Tick> halved(std::span<const Tick> ticks, bool over_gaps) {
  std::vector<Tick> out;
  out.reserve(ticks.size());
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    out.push_back(ticks[i]);
    if (i + 1 == ticks.size() || (!over_gaps && !follows(ticks[i + 1], ticks[i]))) continue;
    merge(out.back(), ticks[++i]);
  }
  return out;
}

}  // namespace

void Timeline::add(const Tick& tick) {
  sums_.add(tick);
  if (in_last_ > 0 && in_last_ < merged_ && follows(tick, ticks_.back())) {
    merge(ticks_.back(), tick);
    ++in_last_;
    return;
  }
  if (ticks_.size() >= most_) halve();
  ticks_.push_back(tick);
  in_last_ = 1;
}

void Timeline::halve() {
  std::vector<Tick> fewer = halved(ticks_, false);
  // More gaps than ticks: the memory is bounded all the same.
  if (fewer.size() > most_ / 4 * 3) fewer = halved(fewer, true);
  ticks_ = std::move(fewer);
  merged_ *= 2;
}

std::string_view to_string(Channel channel) {
  static constexpr std::array<std::string_view, kChannelCount> kWords = {
      "sm_active", "dram", "dram_read", "dram_write", "occupancy", "issue",   "tensor",
      "fp64",      "fma",  "alu",       "lanes",      "pcie",      "graphics"};
  return kWords[static_cast<std::size_t>(channel)];
}

}  // namespace assay::sample

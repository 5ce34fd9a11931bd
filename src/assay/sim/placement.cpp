// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/placement.hpp"

#include <algorithm>
#include <limits>

namespace assay::sim {
namespace {

struct Open {
  SmClass sms;
  int room = 0;
  int added = 0;
};

// The classes on the lowest level that has room, how far they may be filled before the next level
// is reached, and how many SMs they are.
struct Level {
  int warps = std::numeric_limits<int>::max();
  int next_warps = std::numeric_limits<int>::max();
  int room = std::numeric_limits<int>::max();
  std::int64_t sms = 0;
};

Level lowest_level(std::span<const Open> open) {
  Level level;
  for (const Open& at : open) {
    if (at.room > 0) level.warps = std::min(level.warps, at.sms.warps);
  }
  for (const Open& at : open) {
    if (at.room <= 0) continue;
    if (at.sms.warps > level.warps) {
      level.next_warps = std::min(level.next_warps, at.sms.warps);
    } else {
      level.room = std::min(level.room, at.room);
      level.sms += at.sms.hi - at.sms.lo;
    }
  }
  return level;
}

void add(Open& at, int blocks, int warps) {
  at.added += blocks;
  at.room -= blocks;
  at.sms.warps += blocks * warps;
}

// Fewer blocks than SMs on this level: one each for the first of them.
void place_remainder(std::vector<Open>& open, const Level& level, std::int64_t count, int warps) {
  for (std::size_t i = 0; i < open.size() && count > 0; ++i) {
    if (open[i].room <= 0 || open[i].sms.warps != level.warps) continue;
    const int size = open[i].sms.hi - open[i].sms.lo;
    if (count < size) {
      Open rest = open[i];
      open[i].sms.hi = rest.sms.lo = open[i].sms.lo + static_cast<int>(count);
      open.insert(open.begin() + static_cast<std::ptrdiff_t>(i) + 1, rest);
    }
    add(open[i], 1, warps);
    count -= size;
  }
}

}  // namespace

std::vector<SmClass> sm_classes(std::span<const Placement> placements,
                                std::span<const KernelSpec> kernels, int sm_count) {
  if (placements.empty()) return {{.lo = 0, .hi = sm_count}};
  std::vector<int> cuts{0, sm_count};
  for (const Placement& at : placements) {
    cuts.push_back(at.lo);
    cuts.push_back(at.hi);
  }
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());

  std::vector<SmClass> out;
  out.reserve(cuts.size());
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    SmClass sms{.lo = cuts[i], .hi = cuts[i + 1]};
    for (const Placement& at : placements) {
      if (at.lo > sms.lo || at.hi < sms.hi) continue;
      const BlockFootprint& one = kernels[at.kernel].footprint;
      sms.blocks += at.blocks;
      sms.warps += at.blocks * one.warps;
      sms.registers += at.blocks * one.registers;
      sms.shared_memory += at.blocks * one.shared_memory;
    }
    out.push_back(sms);
  }
  return out;
}

int room(const SmClass& sms, const KernelSpec& kernel, const catalog::SmLimits& limits) {
  int blocks = kernel.occupancy.blocks_per_sm;
  if (sms.blocks == 0) return blocks;
  const BlockFootprint& one = kernel.footprint;
  blocks = std::min(blocks, limits.max_blocks - sms.blocks);
  blocks = std::min(blocks, (limits.max_warps - sms.warps) / one.warps);
  if (one.registers > 0) {
    blocks = std::min(blocks, (limits.registers - sms.registers) / one.registers);
  }
  if (one.shared_memory > 0) {
    const std::int64_t free = limits.shared_memory - sms.shared_memory;
    blocks = std::min(blocks, static_cast<int>(free / one.shared_memory));
  }
  return std::max(blocks, 0);
}

std::int64_t place(const KernelSpec& kernel, std::int64_t count, std::span<const SmClass> classes,
                   const catalog::SmLimits& limits, std::vector<Placement>& out) {
  std::vector<Open> open;
  open.reserve(classes.size() + 1);
  for (const SmClass& sms : classes) open.push_back({sms, room(sms, kernel, limits)});

  const int warps = kernel.footprint.warps;
  std::int64_t left = count;
  while (left > 0) {
    const Level level = lowest_level(open);
    if (level.sms == 0) break;
    std::int64_t each = std::min<std::int64_t>(level.room, left / level.sms);
    if (level.next_warps != std::numeric_limits<int>::max()) {
      each = std::min<std::int64_t>(each, (level.next_warps - level.warps + warps - 1) / warps);
    }
    if (each == 0) {
      place_remainder(open, level, left, warps);
      left = 0;
      break;
    }
    for (Open& at : open) {
      if (at.room > 0 && at.sms.warps == level.warps) add(at, static_cast<int>(each), warps);
    }
    left -= each * level.sms;
  }
  for (const Open& at : open) {
    if (at.added > 0) out.push_back({.lo = at.sms.lo, .hi = at.sms.hi, .blocks = at.added});
  }
  return count - left;
}

}  // namespace assay::sim

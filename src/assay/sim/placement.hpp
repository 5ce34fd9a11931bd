// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "assay/catalog/sm_limits.hpp"
#include "assay/sim/scenario.hpp"

namespace assay::sim {

// Blocks of one grid on neighbouring SMs, the same number on each. SMs are numbered 0..count-1 and
// alike, so a whole wave is one or two of these, whatever the chip's size.
struct Placement {
  std::uint32_t stream = 0;  // whose grid: index within the process
  std::uint32_t kernel = 0;
  int lo = 0;  // SMs lo..hi-1
  int hi = 0;
  int blocks = 0;   // on each
  double left = 1;  // of each block's work; of a bulk (see grid.hpp) always 1

  [[nodiscard]] int sms() const { return hi - lo; }
  [[nodiscard]] std::int64_t total() const { return std::int64_t{blocks} * sms(); }
  friend bool operator==(const Placement&, const Placement&) = default;
};

// SMs that hold the same.
struct SmClass {
  int lo = 0;
  int hi = 0;
  int blocks = 0;
  int warps = 0;
  int registers = 0;
  std::int64_t shared_memory = 0;
};

// The SMs of a chip under these placements: classes from SM 0 up, without gaps.
std::vector<SmClass> sm_classes(std::span<const Placement> placements,
                                std::span<const KernelSpec> kernels, int sm_count);

// How many blocks of the kernel one more SM of this class takes.
int room(const SmClass& sms, const KernelSpec& kernel, const catalog::SmLimits& limits);

// Puts up to `count` blocks on the SMs, breadth first: each block goes to the SM with the fewest
// resident warps that has room, the lowest number first. Appends to `out`, fills in all but stream
// and kernel; returns how many found room.
std::int64_t place(const KernelSpec& kernel, std::int64_t count, std::span<const SmClass> classes,
                   const catalog::SmLimits& limits, std::vector<Placement>& out);

}  // namespace assay::sim

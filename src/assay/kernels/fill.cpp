// SPDX-License-Identifier: Apache-2.0
#include "assay/kernels/fill.hpp"

#include <algorithm>

namespace assay::kernels {
namespace {

sim::BlockShape shape_of(const sample::KernelSignature& signature) {
  return {.threads = static_cast<int>(std::min<std::uint64_t>(signature.threads(), 1U << 16)),
          .registers = static_cast<int>(std::min(signature.registers, 1U << 16)),
          .shared_memory =
              std::int64_t{signature.static_shared} + std::int64_t{signature.dynamic_shared}};
}

}  // namespace

std::optional<Fill> fill_of(const sample::KernelSignature& signature, int sm_count,
                            const catalog::SmLimits& limits) {
  const std::uint64_t blocks = signature.blocks();
  if (signature.whole_graph || sm_count <= 0 || blocks == 0) return std::nullopt;
  const sim::Occupancy occupancy = sim::occupancy(shape_of(signature), limits);
  if (occupancy.blocks_per_sm == 0) return std::nullopt;

  const auto sms = static_cast<std::uint64_t>(sm_count);
  const std::uint64_t slots = sms * static_cast<std::uint64_t>(occupancy.blocks_per_sm);
  const auto share = [&](std::uint64_t some) {
    return std::min(1.0, static_cast<double>(some) / static_cast<double>(sms));
  };
  Fill fill;
  fill.blocks_per_sm = occupancy.blocks_per_sm;
  fill.limit = occupancy.limit;
  const int warps = std::min(occupancy.blocks_per_sm * occupancy.warps_per_block, limits.max_warps);
  fill.occupancy = Ratio::fraction(static_cast<double>(warps) / limits.max_warps);
  fill.waves = static_cast<double>(blocks) / static_cast<double>(slots);
  if (blocks <= slots) {
    fill.empty_sms = Ratio::fraction(1 - share(blocks));
    return fill;
  }
  const std::uint64_t rest = blocks % slots;
  const auto whole = static_cast<double>((blocks + slots - 1) / slots);
  fill.tail_loss = Ratio::fraction(1 - fill.waves / whole);
  if (rest != 0) fill.empty_sms = Ratio::fraction((1 - share(rest)) / whole);
  return fill;
}

std::optional<Fill> fill_of(const sample::KernelSignature& signature,
                            const sample::TracedDevice& device) {
  const auto limits = catalog::sm_limits(device.cc_major, device.cc_minor);
  if (!limits || !device.sm_count) return std::nullopt;
  return fill_of(signature, *device.sm_count, *limits);
}

std::string_view to_string(sim::OccupancyLimit limit) {
  switch (limit) {
    case sim::OccupancyLimit::warps: return "warps";
    case sim::OccupancyLimit::blocks: return "blocks";
    case sim::OccupancyLimit::registers: return "registers";
    case sim::OccupancyLimit::shared_memory: return "shared-memory";
  }
  return "warps";
}

}  // namespace assay::kernels

// SPDX-License-Identifier: Apache-2.0
#include "assay/ladder/limiter.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "assay/ladder/rung.hpp"

namespace assay::ladder {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::Sample;

struct LimiterRow {
  Limiter limiter;
  std::string_view word;
  std::string_view description;
};

constexpr std::array<LimiterRow, 9> kRows = {{
    {Limiter::none, "none", "nothing"},
    {Limiter::dram, "dram", "memory bandwidth"},
    {Limiter::tensor, "tensor", "tensor cores"},
    {Limiter::fp64, "fp64", "fp64 pipe"},
    {Limiter::fp32, "fp32", "fp32 pipe"},
    {Limiter::fp16, "fp16", "fp16 pipe"},
    {Limiter::integer, "int", "integer pipe"},
    {Limiter::nvlink, "nvlink", "NVLink"},
    {Limiter::pcie, "pcie", "PCIe"},
}};

struct OnChip {
  Limiter limiter;
  Id metric;
};

// Ties go to the earlier row: memory first, then the dearer pipe.
constexpr std::array<OnChip, 6> kOnChip = {{
    {Limiter::dram, Id::dram_util},
    {Limiter::tensor, Id::tensor_util},
    {Limiter::fp64, Id::fp64_util},
    {Limiter::fp32, Id::fp32_util},
    {Limiter::fp16, Id::fp16_util},
    {Limiter::integer, Id::int_util},
}};

// Both known.
double busier_way(const Reading<double>& sent, const Reading<double>& received) {
  return std::max(*sent.value(), *received.value());
}

Rung link_share(const Reading<double>& sent, const Reading<double>& received,
                std::optional<BytesPerSecond> peak) {
  for (const Reading<double>* way : {&sent, &received}) {
    if (!way->value()) return Rung::unknown(way->reason(), way->source(), way->window());
    if (!std::isfinite(*way->value())) return Rung::unknown(Reason::not_finite, way->source());
  }
  if (!peak || peak->value() <= 0) return Rung::unknown(Reason::no_roof, sent.source());
  const double share = busier_way(sent, received) / peak->value();
  if (share > kMostOverPeak)
    return Rung::invalid(Ratio::fraction(share), Reason::out_of_range, sent.source(),
                         sent.window());
  return Rung::derived(Ratio::fraction(std::clamp(share, 0.0, 1.0)), sent.source(), sent.window());
}

void consider_link(SpeedOfLight& best, Limiter limiter, const Rung& share) {
  if (!share.value() || !best.value.value() || *share.value() <= *best.value.value()) return;
  best.value = share;
  best.limiter = limiter;
}

// A link without any traffic limits nothing, whatever its peak.
bool carried_untold(const Reading<double>& sent, const Reading<double>& received,
                    const Rung& share) {
  return !share.usable() && sent.value() && received.value() && busier_way(sent, received) > 0;
}

bool leave_out(SpeedOfLight& best, bool left_out, const Rung& share) {
  const Rung& known = best.value;
  if (left_out && known.usable() && known.value()->value() < 1.0)
    best.value = Rung::estimated(*known.value(), share.reason(), known.source(), known.window());
  return left_out;
}

}  // namespace

std::string_view to_string(Limiter limiter) {
  return kRows[static_cast<std::size_t>(limiter)].word;
}
std::string_view describe(Limiter limiter) {
  return kRows[static_cast<std::size_t>(limiter)].description;
}

std::optional<BytesPerSecond> pcie_rate(int generation, int lanes) {
  struct Generation {
    double gigatransfers;
    double code;
  };
  constexpr std::array<Generation, 6> kGenerations = {{{2.5, 8.0 / 10.0},
                                                       {5.0, 8.0 / 10.0},
                                                       {8.0, 128.0 / 130.0},
                                                       {16.0, 128.0 / 130.0},
                                                       {32.0, 128.0 / 130.0},
                                                       {64.0, 242.0 / 256.0}}};
  if (generation < 1 || generation > 6 || lanes < 1 || lanes > 32) return std::nullopt;
  const Generation& g = kGenerations[static_cast<std::size_t>(generation - 1)];
  return BytesPerSecond(g.gigatransfers * 1e9 * g.code / 8.0 * lanes);
}

SpeedOfLight speed_of_light(const Sample& sample, const LinkPeaks& peaks) {
  SpeedOfLight best;
  best.value = Rung::unknown(Reason::not_supported);
  best.nvlink = link_share(sample.at_id(Id::nvlink_tx), sample.at_id(Id::nvlink_rx), peaks.nvlink);
  best.pcie = link_share(sample.at_id(Id::pcie_tx), sample.at_id(Id::pcie_rx), peaks.pcie);
  for (const OnChip& row : kOnChip) {
    const Rung share = sound_ratio(sample, row.metric);
    if (share.reason() == Reason::not_supported) continue;  // a pipe that is absent limits nothing
    if (!share.value()) {
      best.value = share;
      best.limiter = Limiter::none;
      return best;
    }
    if (best.value.value() && *share.value() <= *best.value.value()) continue;
    best.value = share;
    best.limiter = share.value()->value() > 0 ? row.limiter : Limiter::none;
  }
  consider_link(best, Limiter::nvlink, best.nvlink);
  consider_link(best, Limiter::pcie, best.pcie);
  best.nvlink_left_out = leave_out(
      best, carried_untold(sample.at_id(Id::nvlink_tx), sample.at_id(Id::nvlink_rx), best.nvlink),
      best.nvlink);
  best.pcie_left_out = leave_out(
      best, carried_untold(sample.at_id(Id::pcie_tx), sample.at_id(Id::pcie_rx), best.pcie),
      best.pcie);
  return best;
}

}  // namespace assay::ladder

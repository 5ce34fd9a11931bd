// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/observation.hpp"

#include <algorithm>
#include <cmath>

#include "assay/ladder/rung.hpp"

namespace assay::causes {
namespace {

using metric::Id;

std::optional<double> bare(const ladder::Rung& rung) {
  if (!rung.value()) return std::nullopt;
  return rung.value()->value();
}

std::optional<double> link_share(const sample::Sample& sample, Id sent, Id received,
                                 std::optional<BytesPerSecond> peak) {
  const auto out = sample.at_id(sent).value();
  const auto in = sample.at_id(received).value();
  if (!out || !in || !peak || peak->value() <= 0) return std::nullopt;
  const double share = std::max(*out, *in) / peak->value();
  if (share > ladder::kMostOverPeak) return std::nullopt;  // then the peak is wrong
  return std::clamp(share, 0.0, 1.0);
}

std::optional<double> over(const sample::Sample& sample, Id part, Id whole) {
  const auto a = sample.at_id(part).value();
  const auto b = sample.at_id(whole).value();
  if (!a || !b || *b <= 0) return std::nullopt;
  return *a / *b;
}

// The counter over the very window, else the driver's sampling, whichever saw more of it; never
// less than the share of SMs that had work, which needs a kernel.
std::optional<double> busy_of(const sample::Sample& sample) {
  const auto counter = ladder::sound_ratio(sample, Id::graphics_util);
  const auto driver = ladder::sound_ratio(sample, Id::gpu_util);
  const bool partial = counter.window() < sample.window * 0.5 && driver.window() > counter.window();
  std::optional<double> busy = bare(partial && driver.usable() ? driver : counter);
  if (!busy) busy = bare(driver);
  const auto sm = bare(ladder::sound_ratio(sample, Id::sm_active));
  return busy && sm ? std::optional(std::max(*busy, *sm)) : busy;
}

std::optional<double> mean(const sample::TickSums::Sum& sum) {
  return sum.weight > 0 ? std::optional(sum.mean()) : std::nullopt;
}

}  // namespace

Magnified magnified(const sample::TickSums& sums) {
  return {mean(sums.lanes_while_active()), mean(sums.issue_while_active())};
}

Shares shares_of(const Observation& seen) {
  const auto counter = [&](Id id) { return bare(ladder::sound_ratio(seen.sample, id)); };
  return {.held = bare(seen.ladder.held),
          .busy = busy_of(seen.sample),
          .sm = counter(Id::sm_active),
          .occupancy = counter(Id::sm_occupancy),
          .dram = counter(Id::dram_util),
          .tensor = counter(Id::tensor_util),
          .fp64 = counter(Id::fp64_util),
          .fp32 = counter(Id::fp32_util),
          .fp16 = counter(Id::fp16_util),
          .integer = counter(Id::int_util),
          .pcie = link_share(seen.sample, Id::pcie_tx, Id::pcie_rx, seen.links.pcie),
          .nvlink = link_share(seen.sample, Id::nvlink_tx, Id::nvlink_rx, seen.links.nvlink),
          .clock = over(seen.sample, Id::sm_clock, Id::sm_clock_max)};
}

}  // namespace assay::causes

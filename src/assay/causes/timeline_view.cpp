// SPDX-License-Identifier: Apache-2.0
// The microscope's ticks as one window of readings, so that the same rules judge them.
#include <algorithm>

#include "assay/causes/diagnose.hpp"
#include "assay/ladder/duty.hpp"

namespace assay::causes {
namespace {

using metric::Id;
using sample::Channel;
using sample::TickSums;

struct Pair {
  Channel channel;
  Id id;
};
// fp16 instructions of the vector kind run on the fma pipe: its share bounds theirs.
constexpr Pair kPairs[] = {{Channel::graphics, Id::graphics_util},
                           {Channel::sm_active, Id::sm_active},
                           {Channel::dram, Id::dram_util},
                           {Channel::occupancy, Id::sm_occupancy},
                           {Channel::tensor, Id::tensor_util},
                           {Channel::fp64, Id::fp64_util},
                           {Channel::fma, Id::fp32_util},
                           {Channel::fma, Id::fp16_util},
                           {Channel::alu, Id::int_util}};

// The link's channel is a share already, so any peak will do.
constexpr double kAnyPeak = 1e9;

void set(sample::Sample& sample, Id id, double value) {
  sample.at_id(id) =
      sample::Reading<double>::derived(value, sample::Source::pm_sampling, sample.window);
}

sample::Sample window_of(const TickSums& sums) {
  sample::Sample out;
  out.window = sums.time();
  for (const Pair& pair : kPairs)
    if (const auto mean = ladder::mean_of(sums, pair.channel))
      set(out, pair.id, std::min(1.0, mean->value()));
  const auto duty = ladder::duty_of(sums);
  if (duty && !out.at_id(Id::graphics_util).usable()) set(out, Id::graphics_util, duty->on.value());
  if (const auto link = ladder::mean_of(sums, Channel::pcie)) {
    set(out, Id::pcie_rx, link->value() * kAnyPeak);
    set(out, Id::pcie_tx, 0);
  }
  // Nobody lists processes here, but what runs is held by somebody.
  if (duty && duty->on > Ratio::fraction(0)) {
    out.processes.push_back({.pid = 0, .name = "", .memory = {}, .time_share = {}});
    out.processes_reason = sample::Reason::none;
  }
  return out;
}

}  // namespace

std::vector<Finding> diagnose(const TickSums& sums, const Board& board) {
  if (sums.count() == 0) return {};
  const sample::Sample window = window_of(sums);
  const ladder::LinkPeaks peaks{.pcie = BytesPerSecond(kAnyPeak), .nvlink = {}};
  const ladder::Ladder ladder = ladder::climb(window, peaks);
  return diagnose(Observation{.sample = window,
                              .ladder = ladder,
                              .links = peaks,
                              .sm_count = board.sm_count,
                              .price = board.price,
                              .microscope = magnified(sums),
                              .pipes = board.pipes});
}

}  // namespace assay::causes

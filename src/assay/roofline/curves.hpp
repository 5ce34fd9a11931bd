// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "assay/units/dtype.hpp"
#include "assay/units/units.hpp"

// Which part of its datasheet a chip reaches, and the times that no datasheet tells.
namespace assay::roofline {

// A matrix product of m rows on one chip takes
//   floor + (memory^4 + compute^4)^(1/4),
//   memory  = bytes / (bandwidth x bandwidth_fraction),
//   compute = flops of (m + tile_rows) rows / (peak x compute_fraction[by operand width]).
// An all-reduce of V = 2 (ranks - 1) / ranks x bytes over a link takes
//   link_floor x (1 + log2(ranks) / 8) + V / (link x link_fraction) + link_ramp x V / (V +
//   ramp_bytes).
// Over chips of several hosts the chips of each host add up among themselves and each sends its
// part over its own NIC: see all_reduce_seconds() of a Wire. Power over idle is in fractions of
// TDP: what DRAM adds when it streams at its datasheet rate, and what arithmetic adds at the
// datasheet's peak.
struct ChipCurves {
  double bandwidth_fraction = 0.88;
  double compute_fraction_16 = 0.72;
  double compute_fraction_8 = 0.6;
  double compute_fraction_4 = 0.5;
  double tile_rows = 10;
  double kernel_floor_us = 2.5;

  double attention_bandwidth_fraction = 0.7;  // reading the cache in decode
  double attention_compute_fraction = 0.45;   // of the 16-bit peak, in prefill
  double expert_bandwidth_fraction = 0.75;
  double expert_compute_fraction = 0.6;  // of what a dense product reaches
  double expert_tile_rows = 16;          // lost by each expert touched
  double expert_imbalance = 0.05;        // busiest group over the mean, less 1, in the limit
  double elementwise_passes = 10;        // times the hidden state crosses DRAM in a layer

  double link_fraction = 0.85;
  double link_floor_us = 5;
  double link_ramp_us = 30;
  double link_ramp_mb = 2;

  // Of what the engine's profile says of the host's own times: below 1 where no host takes part.
  double host_factor = 1;

  // Between hosts. Not fitted: measured by others, data/fits/classes.toml.
  double network_floor_us = 19.5;  // of the smallest all-reduce between two hosts
  double network_hop_us = 10;      // more, for each doubling of hosts beyond two
  double network_fraction = 0.92;  // of a NIC's datasheet rate

  double idle_power = 0.16;
  double dram_power = 0.35;
  double arithmetic_power = 0.6;

  // By the width of the operands: 16 bits and more, 8, 4.
  [[nodiscard]] double compute_fraction(Dtype dtype) const;
};

// One constant: what files, the fit and messages call it, and where it may lie.
struct CurveConstant {
  std::string_view name;
  double ChipCurves::* member;
  double least;
  double most;
};
inline constexpr std::size_t kCurveConstants = 20;
const std::array<CurveConstant, kCurveConstants>& curve_constants();
// Those that files may set and no fit finds.
inline constexpr std::size_t kGivenConstants = 4;
const std::array<CurveConstant, kGivenConstants>& given_constants();

// Seconds of an all-reduce of `bytes` among `ranks` over a link of this one-way rate; 0 of one
// rank.
double all_reduce_seconds(const ChipCurves& curves, double link, double ranks, double bytes);

// Who takes part in a collective, and over what.
struct Wire {
  double ranks = 1;
  double hosts = 1;    // that the ranks are spread over evenly
  double link = 0;     // one way, bytes a second, inside a host; 0: one rank a host
  double network = 0;  // each rank's NIC, between hosts
};

// The same over several hosts: reduced inside each host, then between hosts, each rank its part,
// over its own NIC, then gathered inside; in chunks, so that the slower of the two counts (NCCL's
// rings and trees, src/graph/tuning.cc: the rate of all NICs of a host together). Of one host: as
// above.
double all_reduce_seconds(const ChipCurves& curves, const Wire& wire, double bytes);

// Sending `bytes` from one rank to the next: half of what an all-reduce's floor is, which goes
// there and back.
double send_seconds(const ChipCurves& curves, const Wire& wire, double bytes);

// The same in one step: each rank reads all others' parts at once, without a ramp.
double one_shot_seconds(const ChipCurves& curves, double link, double ranks, double bytes);

}  // namespace assay::roofline

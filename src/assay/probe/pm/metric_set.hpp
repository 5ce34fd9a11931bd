// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/probe/pm/host.hpp"
#include "assay/sample/timeline.hpp"

namespace assay::probe::pm {

struct Column {
  sample::Channel channel;
  std::string metric;  // CUPTI's name, rollup and submetric included; in per cent of its peak
};

// How many passes these metrics would take together; nothing where the chip lacks one of them.
using CountPasses = std::function<std::optional<int>(std::span<const std::string>)>;

// The richest set that fits one pass: goes through the channels, the one that matters most first,
// and takes each in the first of its names that the chip has and that adds no pass. `wanted` empty:
// all channels. Names differ by generation (TriageA on Turing, TriageAC on GA102 and Ada,
// TriageCompute on GH100 and GB100), plain ones are tried last.
std::vector<Column> choose(const CountPasses& passes, std::span<const sample::Channel> wanted);

// The same with CUPTI's own host half for a chip.
Result<std::vector<Column>> choose_for(const std::shared_ptr<const Library>& library,
                                       const std::string& chip,
                                       std::span<const std::uint8_t> availability,
                                       std::span<const sample::Channel> wanted);

// The values of the columns (per cent), as shares of a tick; lanes from threads over instructions.
void fill(sample::Tick& tick, std::span<const Column> columns, std::span<const double> values);

}  // namespace assay::probe::pm

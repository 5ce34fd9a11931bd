// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/metric_set.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string_view>

namespace assay::probe::pm {
namespace {

using sample::Channel;

constexpr std::string_view kShare = ".avg.pct_of_peak_sustained_elapsed";

struct Candidates {
  Channel channel;
  std::array<std::string_view, 6> names;
};

// Source of the names: cuptiProfilerHostGetBaseMetrics of CUPTI 13.0 for each chip.
constexpr std::array<Candidates, sample::kChannelCount> kCandidates = {{
    {Channel::sm_active,
     {"TPC.TriageCompute.sm__cycles_active", "SM.TriageA.sm__cycles_active",
      "SM_A.TriageAC.sm__cycles_active", "SM_A.TriageTop.sm__cycles_active", "sm__cycles_active"}},
    {Channel::dram,
     {"FBSP.TriageCompute.dramc__throughput", "FBSP.TriageCompute.dram__throughput",
      "FBPA.TriageA.dramc__throughput", "FBSP.TriageAC.dramc__throughput", "dram__throughput"}},
    {Channel::occupancy,
     {"TPC.TriageCompute.tpc__warps_active_realtime",
      "TPC.TriageCompute.tpc__warps_active_shader_cs_realtime",
      "TPC.TriageA.tpc__warps_active_realtime", "TPC.TriageAC.tpc__warps_active_shader_cs_realtime",
      "TPC_A.TriageTop.tpc__warps_active_shader_cs_realtime", "sm__warps_active"}},
    {Channel::issue,
     {"TPC.TriageCompute.sm__inst_executed_realtime", "SM.TriageA.sm__inst_executed_realtime",
      "SM_A.TriageAC.sm__inst_executed_realtime", "SM_A.TriageTop.sm__inst_executed_realtime",
      "sm__inst_executed"}},
    {Channel::tensor,
     {"TPC.TriageCompute.sm__pipe_tensor_cycles_active_realtime",
      "SM_C.TriageTop.smsp__pipe_tensor_cycles_active", "sm__pipe_tensor_cycles_active",
      "sm__inst_executed_pipe_tensor"}},
    {Channel::fma,
     {"TPC.TriageCompute.sm__inst_executed_pipe_fma_realtime",
      "SM.TriageA.sm__inst_executed_pipe_fma_realtime",
      "TPC.TriageCompute.sm__inst_executed_pipe_fmalite_realtime", "sm__inst_executed_pipe_fma",
      "sm__inst_executed_pipe_fmalite_realtime"}},
    {Channel::alu,
     {"TPC.TriageCompute.sm__inst_executed_pipe_alu_realtime",
      "SM.TriageA.sm__inst_executed_pipe_alu_realtime",
      "SM_A.TriageAC.sm__inst_executed_pipe_alu_realtime",
      "SM_A.TriageTop.sm__inst_executed_pipe_alu_realtime", "sm__inst_executed_pipe_alu"}},
    {Channel::fp64,
     {"TPC.TriageCompute.sm__pipe_fp64_cycles_active_realtime", "sm__pipe_fp64_cycles_active"}},
    {Channel::lanes,
     {"SM_A.TriageCompute.sm__thread_inst_executed_pred_on_realtime",
      "SM_C.TriageTop.smsp__thread_inst_executed_pred_on",
      "SM_C.TriageCompute.smsp__thread_inst_executed_pred_on",
      "sm__thread_inst_executed_pred_on_realtime"}},
    {Channel::pcie,
     {"PCI.TriageCompute.pcie__throughput", "PCI.TriageA.pcie__throughput",
      "PCI.TriageAC.pcie__throughput", "pcie__throughput"}},
    {Channel::graphics,
     {"FE_B.TriageCompute.gr__cycles_active", "FE_A.TriageA.gr__cycles_active",
      "FE_A.TriageAC.gr__cycles_active", "FE_B.TriageAC.gr__cycles_active",
      "FE_B.TriageTop.gr__cycles_active", "gr__cycles_active"}},
    {Channel::dram_read,
     {"FBSP.TriageCompute.dramc__read_throughput", "FBSP.TriageCompute.dram__read_throughput",
      "FBPA.TriageA.dramc__read_throughput", "FBSP.TriageAC.dramc__read_throughput",
      "dram__read_throughput"}},
    {Channel::dram_write,
     {"FBSP.TriageCompute.dramc__write_throughput", "FBSP.TriageCompute.dram__write_throughput",
      "FBPA.TriageA.dramc__write_throughput", "FBSP.TriageAC.dramc__write_throughput",
      "dram__write_throughput"}},
}};

bool is_wanted(Channel channel, std::span<const Channel> wanted) {
  return wanted.empty() || std::ranges::find(wanted, channel) != wanted.end();
}

// As the chip's own metrics do: 32 lanes an instruction at most, both in per cent of their peaks.
float lanes(double threads, double instructions) {
  if (!(instructions > 0)) return std::numeric_limits<float>::quiet_NaN();
  return static_cast<float>(std::min(1.0, threads / instructions));
}

}  // namespace

std::vector<Column> choose(const CountPasses& passes, std::span<const Channel> wanted) {
  std::vector<Column> chosen;
  std::vector<std::string> names;
  for (const Candidates& row : kCandidates) {
    if (!is_wanted(row.channel, wanted)) continue;
    for (const std::string_view name : row.names) {
      if (name.empty()) break;
      names.push_back(std::string(name) + std::string(kShare));
      if (passes(names) == 1) {
        chosen.push_back({row.channel, names.back()});
        break;
      }
      names.pop_back();
    }
  }
  return chosen;
}

Result<std::vector<Column>> choose_for(const std::shared_ptr<const Library>& library,
                                       const std::string& chip,
                                       std::span<const std::uint8_t> availability,
                                       std::span<const Channel> wanted) {
  TRY(Host::make(library, chip, availability));  // says why, if the chip is unknown
  const CountPasses count = [&](std::span<const std::string> metrics) -> std::optional<int> {
    auto host = Host::make(library, chip, availability);
    if (!host || !host->add(metrics)) return std::nullopt;
    auto image = host->config_image();
    if (!image) return std::nullopt;
    const auto passes = host->passes(*image);
    return passes ? std::optional(*passes) : std::nullopt;
  };
  std::vector<Column> columns = choose(count, wanted);
  if (columns.empty())
    return Error{ErrorCode::not_supported,
                 "the chip " + chip + " offers none of these channels in one pass"};
  return columns;
}

void fill(sample::Tick& tick, std::span<const Column> columns, std::span<const double> values) {
  tick.share.fill(std::numeric_limits<float>::quiet_NaN());
  double instructions = 0;
  double threads = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].channel == Channel::issue) instructions = values[i];
    if (columns[i].channel == Channel::lanes) threads = values[i];
    else
      tick.share[static_cast<std::size_t>(columns[i].channel)] =
          static_cast<float>(values[i] / 100);
  }
  // GH100 counts the warps of two SMs in seven bits: all 128 of them read 0. A busy SM holds at
  // least one warp of 64, so less than that is no value.
  float& occupancy = tick.share[static_cast<std::size_t>(Channel::occupancy)];
  if (occupancy < 0.5F / 64 * tick.at(Channel::sm_active))
    occupancy = std::numeric_limits<float>::quiet_NaN();
  if (std::isfinite(threads))
    tick.share[static_cast<std::size_t>(Channel::lanes)] = lanes(threads, instructions);
}

}  // namespace assay::probe::pm

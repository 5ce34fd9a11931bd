// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/metric_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace assay::probe::pm {
namespace {

using sample::Channel;

constexpr std::string_view kRollup = ".avg.pct_of_peak_sustained_elapsed";

// A chip that has the metrics which contain one of these words, and room for so many in one pass.
CountPasses chip(std::set<std::string> words, std::size_t room) {
  return
      [words = std::move(words), room](std::span<const std::string> metrics) -> std::optional<int> {
        for (const std::string& metric : metrics)
          if (std::ranges::none_of(
                  words, [&](const std::string& w) { return metric.find(w) != metric.npos; }))
            return std::nullopt;
        return metrics.size() <= room ? 1 : 2;
      };
}

bool has(const std::vector<Column>& columns, Channel channel) {
  return std::ranges::find(columns, channel, &Column::channel) != columns.end();
}

TEST(MetricSet, TakesWhatMattersFirst) {
  const auto columns = choose(chip({"TriageCompute"}, 2), {});
  ASSERT_EQ(columns.size(), 2u);
  EXPECT_EQ(columns[0].channel, Channel::sm_active);
  EXPECT_EQ(columns[0].metric,
            "TPC.TriageCompute.sm__cycles_active.avg.pct_of_peak_sustained_elapsed");
  EXPECT_EQ(columns[1].channel, Channel::dram);
}

TEST(MetricSet, FallsBackToPlainNames) {
  const auto columns = choose(chip({"sm__cycles_active", "dram__throughput"}, 9), {});
  ASSERT_FALSE(columns.empty());
  EXPECT_TRUE(has(columns, Channel::dram));
  EXPECT_FALSE(has(columns, Channel::tensor));
}

TEST(MetricSet, OnlyWhatIsWanted) {
  const std::vector<Channel> wanted = {Channel::sm_active};
  EXPECT_EQ(choose(chip({"Triage"}, 9), wanted).size(), 1u);
  EXPECT_TRUE(choose(chip({}, 9), {}).empty());
}

TEST(Fill, SharesAndLanes) {
  const std::vector<Column> columns = {
      {Channel::sm_active, ""}, {Channel::issue, ""}, {Channel::lanes, ""}};
  const std::vector<double> values = {50, 40, 10};
  sample::Tick tick;
  fill(tick, columns, values);
  EXPECT_FLOAT_EQ(tick.at(Channel::sm_active), 0.5F);
  EXPECT_FLOAT_EQ(tick.at(Channel::lanes), 0.25F);
  EXPECT_TRUE(std::isnan(tick.at(Channel::dram)));
}

TEST(Fill, AFullWarpCounterThatReadsZeroIsNoValue) {
  const std::vector<Column> columns = {{Channel::sm_active, ""}, {Channel::occupancy, ""}};
  sample::Tick tick;
  fill(tick, columns, std::vector<double>{100, 0});
  EXPECT_TRUE(std::isnan(tick.at(Channel::occupancy)));
  fill(tick, columns, std::vector<double>{100, 1.5625});
  EXPECT_FLOAT_EQ(tick.at(Channel::occupancy), 0.015625F);
  fill(tick, columns, std::vector<double>{0, 0});
  EXPECT_FLOAT_EQ(tick.at(Channel::occupancy), 0);
}

TEST(Fill, NoInstructionHasNoLanes) {
  const std::vector<Column> columns = {{Channel::issue, ""}, {Channel::lanes, ""}};
  const std::vector<double> values = {0, 0};
  sample::Tick tick;
  fill(tick, columns, values);
  EXPECT_TRUE(std::isnan(tick.at(Channel::lanes)));
}

// CUPTI's own host half, where it is installed: it needs no GPU.
Result<std::shared_ptr<const Library>> real_library() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return Error{
      ErrorCode::not_supported,
      "CUPTI opens libnvperf_host with RTLD_DEEPBIND, at which a sanitizer ends the program"};
#else
  return Library::load();
#endif
}

// What each chip's host half (CUPTI 13.0) lets into one pass, in the order of worth: the names in
// full, but for the rollup.
struct OnePass {
  const char* chip;
  std::vector<std::string> metrics;
};

std::vector<OnePass> one_pass() {
  return {
      {"TU102",
       {"SM.TriageA.sm__cycles_active", "FBPA.TriageA.dramc__throughput",
        "TPC.TriageA.tpc__warps_active_realtime", "SM.TriageA.sm__inst_executed_realtime",
        "SM.TriageA.sm__inst_executed_pipe_fma_realtime",
        "SM.TriageA.sm__inst_executed_pipe_alu_realtime", "sm__pipe_fp64_cycles_active",
        "sm__thread_inst_executed_pred_on_realtime", "PCI.TriageA.pcie__throughput",
        "FE_A.TriageA.gr__cycles_active", "FBPA.TriageA.dramc__read_throughput",
        "FBPA.TriageA.dramc__write_throughput"}},
      {"GA100",
       {"sm__cycles_active", "dram__throughput", "sm__warps_active", "sm__inst_executed",
        "pcie__throughput", "gr__cycles_active", "dram__read_throughput",
        "dram__write_throughput"}},
      {"GA102",
       {"SM_A.TriageAC.sm__cycles_active", "FBSP.TriageAC.dramc__throughput",
        "TPC.TriageAC.tpc__warps_active_shader_cs_realtime",
        "SM_A.TriageAC.sm__inst_executed_realtime", "sm__pipe_tensor_cycles_active",
        "sm__inst_executed_pipe_fmalite_realtime",
        "SM_A.TriageAC.sm__inst_executed_pipe_alu_realtime",
        "sm__thread_inst_executed_pred_on_realtime", "PCI.TriageAC.pcie__throughput",
        "FE_A.TriageAC.gr__cycles_active", "FBSP.TriageAC.dramc__read_throughput",
        "FBSP.TriageAC.dramc__write_throughput"}},
      {"AD102",
       {"SM_A.TriageAC.sm__cycles_active", "FBSP.TriageAC.dramc__throughput",
        "TPC.TriageAC.tpc__warps_active_shader_cs_realtime",
        "SM_A.TriageAC.sm__inst_executed_realtime", "sm__pipe_tensor_cycles_active",
        "sm__inst_executed_pipe_fmalite_realtime",
        "SM_A.TriageAC.sm__inst_executed_pipe_alu_realtime",
        "sm__thread_inst_executed_pred_on_realtime", "PCI.TriageAC.pcie__throughput",
        "FE_B.TriageAC.gr__cycles_active", "FBSP.TriageAC.dramc__read_throughput",
        "FBSP.TriageAC.dramc__write_throughput"}},
      {"GH100",
       {"TPC.TriageCompute.sm__cycles_active", "FBSP.TriageCompute.dramc__throughput",
        "TPC.TriageCompute.tpc__warps_active_realtime",
        "TPC.TriageCompute.sm__inst_executed_realtime",
        "TPC.TriageCompute.sm__pipe_tensor_cycles_active_realtime",
        "TPC.TriageCompute.sm__inst_executed_pipe_fma_realtime",
        "TPC.TriageCompute.sm__inst_executed_pipe_alu_realtime",
        "TPC.TriageCompute.sm__pipe_fp64_cycles_active_realtime",
        "SM_A.TriageCompute.sm__thread_inst_executed_pred_on_realtime",
        "PCI.TriageCompute.pcie__throughput", "FE_B.TriageCompute.gr__cycles_active",
        "FBSP.TriageCompute.dramc__read_throughput", "FBSP.TriageCompute.dramc__write_throughput"}},
      {"GB100",
       {"TPC.TriageCompute.sm__cycles_active", "FBSP.TriageCompute.dram__throughput",
        "TPC.TriageCompute.tpc__warps_active_shader_cs_realtime",
        "TPC.TriageCompute.sm__inst_executed_realtime",
        "TPC.TriageCompute.sm__pipe_tensor_cycles_active_realtime",
        "TPC.TriageCompute.sm__inst_executed_pipe_fmalite_realtime",
        "TPC.TriageCompute.sm__inst_executed_pipe_alu_realtime",
        "TPC.TriageCompute.sm__pipe_fp64_cycles_active_realtime",
        "sm__thread_inst_executed_pred_on_realtime", "PCI.TriageCompute.pcie__throughput",
        "FE_B.TriageCompute.gr__cycles_active", "FBSP.TriageCompute.dram__read_throughput",
        "FBSP.TriageCompute.dram__write_throughput"}},
      {"GB202",
       {"sm__cycles_active", "dram__throughput", "sm__warps_active", "sm__inst_executed",
        "pcie__throughput", "gr__cycles_active", "dram__read_throughput",
        "dram__write_throughput"}},
  };
}

class RealCupti : public testing::TestWithParam<OnePass> {};

TEST_P(RealCupti, TheRichestSetThatFitsOnePass) {
  const auto library = real_library();
  if (!library) GTEST_SKIP() << library.error().message;
  (*library)->initialize();
  const auto columns = choose_for(*library, GetParam().chip, {}, {});
  ASSERT_TRUE(columns) << columns.error().message;
  std::vector<std::string> names;
  for (const Column& column : *columns) {
    ASSERT_TRUE(column.metric.ends_with(kRollup)) << column.metric;
    names.push_back(column.metric.substr(0, column.metric.size() - kRollup.size()));
  }
  EXPECT_EQ(names, GetParam().metrics);
}

INSTANTIATE_TEST_SUITE_P(Chips, RealCupti, testing::ValuesIn(one_pass()),
                         [](const auto& chip) { return std::string(chip.param.chip); });

TEST(RealCuptiChip, AnUnknownChipIsNamed) {
  const auto library = real_library();
  if (!library) GTEST_SKIP() << library.error().message;
  (*library)->initialize();
  const auto columns = choose_for(*library, "XY999", {}, {});
  ASSERT_FALSE(columns);
  EXPECT_NE(columns.error().message.find("XY999"), std::string::npos) << columns.error().message;
}

TEST(LibraryLoad, AFileThatIsNone) {
  const auto library = Library::load("/nonexistent/libcupti.so");
  ASSERT_FALSE(library);
  EXPECT_EQ(library.error().code, ErrorCode::not_found);
}

TEST(LibraryLoad, ALibraryWithoutPmSampling) {
  const auto library = Library::load("libc.so.6");
  ASSERT_FALSE(library);
  EXPECT_EQ(library.error().code, ErrorCode::version_refused);
}

}  // namespace
}  // namespace assay::probe::pm

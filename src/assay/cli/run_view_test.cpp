// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/run_view.hpp"

#include <gmock/gmock.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/cli/chrome_trace.hpp"
#include "assay/cli/kernel_name.hpp"
#include "assay/cli/output_tap.hpp"
#include "assay/cli/run_json.hpp"

namespace assay::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

sample::KernelTable two_kernels() {
  sample::KernelTable table;
  table.devices = {{.uuid = "GPU-7e57", .cc_major = 9, .cc_minor = 0, .sm_count = 132}};
  table.rows = {
      {.signature = {.name = "_Z4fullv", .grid = {132, 1, 1}, .block = {256, 1, 1}},
       .launches = 10,
       .total = Seconds(2)},
      {.signature = {.name = "_ZN3net4tinyIfEEvPT_", .grid = {1, 1, 1}, .block = {32, 1, 1}},
       .launches = 1000,
       .total = Seconds(1)}};
  table.records = table.launches = 1010;
  return table;
}

RunReport report_of(sample::KernelTable table) {
  RunReport report;
  report.command = "train\x1b[2J.py";
  report.wall = Seconds(10);
  report.energy = Joules(1280);
  report.cost = Dollars(0.007);
  report.tokens = 1000;
  report.per_million_tokens = Dollars(7);
  report.kernels = std::move(table);
  report.devices.devices.push_back(
      appraise::appraise(appraise::one_thread_device(), appraise::priced_board()));
  report.missing = {"devices: none"};
  return report;
}

TEST(RunView, TheSmallKernelIsToBlame) {
  const std::string text = run_view({.width = 120}, report_of(two_kernels()), 20);
  EXPECT_LT(text.find("net::tiny"), text.find("full"));
  EXPECT_THAT(text, HasSubstr("992 ms"));  // 131/132 of a second
  EXPECT_THAT(text, HasSubstr("$7 per million tokens"));
  EXPECT_THAT(text, HasSubstr("missing: devices: none"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << "a command's name must not move the cursor";
}

TEST(RunView, FitsAnyWidthAndSaysWhatItLeavesOut) {
  for (const int width : {60, 80, 100, 120, 160}) {
    std::istringstream in(run_view({.width = width}, report_of(two_kernels()), 1));
    for (std::string line; std::getline(in, line);) EXPECT_LE(columns(line), width) << line;
  }
  EXPECT_THAT(kernels_view({}, two_kernels(), 1), HasSubstr("1 more"));
  EXPECT_EQ(kernels_view({}, {}, 20), "");
}

TEST(RunView, NarrowOrWideItSaysTheSameOfEachKernel) {
  sample::KernelTable table = two_kernels();
  table.rows[0].signature.registers = 77;
  table.rows[0].signature.dynamic_shared = 3 * 1024;
  table.rows[0].gap = Seconds(0.25);
  const std::string wide = kernels_view({.width = 120}, table, 20);
  for (const char* cell : {"occup.", "tail", "regs", "shared", "gap", "77", "3K", "250 ms"})
    EXPECT_THAT(wide, HasSubstr(cell));
  EXPECT_THAT(kernels_view({.width = 80}, table, 20),
              HasSubstr("\n    waves 0.333, occup. 38%, tail 0, 77 regs, 3K shared, gap 250 ms\n"));
  table.rows[1].signature.whole_graph = true;
  EXPECT_THAT(kernels_view({.width = 80}, table, 20), HasSubstr("\n    gap 0\n"));
}

TEST(RunView, EstimatesSaySo) {
  sample::KernelTable table = two_kernels();
  table.scale = 20;
  table.bursts = 50;
  for (sample::KernelRow& row : table.rows) row.total_error = Seconds(0.3);
  const std::string text = kernels_view({.width = 120}, table, 20);
  EXPECT_THAT(text, HasSubstr("estimated from 50 bursts, 5.0 % of the time"));
  EXPECT_THAT(text, HasSubstr("60.0 s +- 424 ms"));
}

TEST(RunJson, HasRowsFillAndTheWholeSnapshot) {
  const auto json = nlohmann::json::parse(run_json(report_of(two_kernels())));
  EXPECT_EQ(json["schema"], "assay.run/1");
  EXPECT_EQ(json["kernels"][0]["readable"], "void net::tiny<float>(float*)");
  EXPECT_NEAR(json["kernels"][0]["wasted_s"].get<double>(), 131.0 / 132, 1e-12);
  EXPECT_EQ(json["kernels"][1]["fill"]["empty_sms"], 0.0);
  EXPECT_EQ(json["snapshot"]["devices"][0]["uuid"], "GPU-7e57");
  const auto empty = nlohmann::json::parse(run_json({}));
  EXPECT_TRUE(empty["energy_j"].is_null());
  EXPECT_TRUE(empty["snapshot"].is_null());
}

TEST(KernelName, IsReadable) {
  EXPECT_EQ(short_name("_ZN3net4tinyIfEEvPT_"), "net::tiny");
  EXPECT_EQ(short_name("triton_poi_fused_add_0"), "triton_poi_fused_add_0");
  EXPECT_EQ(short_name("_ZN12_GLOBAL__N_14spinEv"), "spin");
  EXPECT_EQ(short_name("(graph 3)"), "(graph 3)");
  EXPECT_EQ(short_name(""), "(no name)");
  EXPECT_EQ(json_escaped("a\"\n\xff"), "a\\\"\\n\xef\xbf\xbd");
}

TEST(ChromeTrace, IsJsonThatNamesItsStreams) {
  const std::string path = testing::TempDir() + "/trace.json";
  const auto trace = ChromeTrace::create(path);
  ASSERT_TRUE(trace);
  const sample::KernelSignature shape{.grid = {2, 1, 1}, .block = {32, 1, 1}};
  (*trace)->on({.pid = 7,
                .stream = 3,
                .start_unix_ns = 5000,
                .duration_ns = 1500,
                .name = "_Z1kv",
                .kernel = &shape});
  (*trace)->on({.pid = 7,
                .stream = 3,
                .start_unix_ns = 8000,
                .duration_ns = 10,
                .copy = sample::CopyKind::host_to_device,
                .bytes = Bytes(64)});
  ASSERT_TRUE((*trace)->finish());
  std::ifstream file(path);
  const auto json = nlohmann::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  const auto& events = json["traceEvents"];
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0]["args"]["name"], "GPU 0 stream 3");
  EXPECT_EQ(events[1]["name"], "k()");
  EXPECT_EQ(events[1]["dur"], 1.5);
  EXPECT_EQ(events[1]["args"]["grid"][0], 2);
  EXPECT_EQ(events[2]["ts"], 3.0);
  std::filesystem::remove(path);
  EXPECT_FALSE(ChromeTrace::create("/nonexistent/trace.json"));
}

TEST(NumberFinder, SumsTheFirstGroupOfEveryMatch) {
  auto finder = NumberFinder::compile("tokens: ([0-9,]+)");
  ASSERT_TRUE(finder);
  finder->line("nothing here");
  EXPECT_FALSE(finder->sum());
  finder->line("step 1 tokens: 1,024 and tokens: 6");
  finder->line("tokens: 70");
  EXPECT_EQ(finder->sum(), 1100);
  auto whole = NumberFinder::compile("[0-9]+");
  whole->line("1 2 3");
  EXPECT_EQ(whole->sum(), 6);
  EXPECT_FALSE(NumberFinder::compile("("));
}

}  // namespace
}  // namespace assay::cli

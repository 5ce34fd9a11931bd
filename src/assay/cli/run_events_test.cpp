// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/run_events.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "assay/cli/run_json.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {
namespace {

RunReport report() {
  RunReport report;
  sample::KernelTable& table = report.kernels;
  table.records = 1200;
  table.launches = 1100;
  table.lost = 3;
  table.scale = 20.5;
  table.bursts = 7;
  table.synchronizations = 42;
  table.synchronizing = Seconds(0.5);
  table.copies[1] = {.count = 9, .bytes = Bytes(1e9), .time = Seconds(0.25)};
  table.devices.push_back({.uuid = "GPU-1",
                           .name = "NVIDIA H200",
                           .cc_major = 9,
                           .cc_minor = 0,
                           .sm_count = 132,
                           .busy = Seconds(1.5),
                           .kernels = Seconds(1.25),
                           .span = Seconds(2)});
  table.processes.push_back({.pid = 7, .name = "train", .trouble = "late", .records = 1200});
  table.rows.push_back({.signature = {.name = "_Z1kv",
                                      .grid = {2, 66, 1},
                                      .block = {384, 1, 1},
                                      .registers = 168,
                                      .static_shared = 16,
                                      .dynamic_shared = 230'000,
                                      .device = 0,
                                      .in_graph = true},
                        .launches = 1100,
                        .total = Seconds(1.25),
                        .shortest = Seconds(1e-3),
                        .longest = Seconds(2e-3),
                        .gap = Seconds(0.125),
                        .gaps = 1000,
                        .streams = 2,
                        .total_error = Seconds(0.01)});
  report.microscope.push_back(
      {.uuid = "GPU-1", .seen = {.lanes = 0.25, .issue = 0.75}, .looks = 3});
  return report;
}

std::vector<sample::Event> events_of(const RunReport& report) {
  std::vector<sample::Event> events;
  for (const sample::KernelRow& row : report.kernels.rows)
    events.push_back({{}, -1, "kernel", wire::line_of(kernel_json(row))});
  events.push_back({{}, -1, "run", wire::line_of(trace_json(report))});
  return events;
}

TEST(RunEvents, GiveBackWhatWasWritten) {
  const RunReport before = report();
  const auto after = kernel_table_of(events_of(before));
  ASSERT_TRUE(after);
  RunReport again = before;
  again.kernels = *after;
  again.microscope = looks_of(events_of(before));
  ASSERT_EQ(again.microscope.size(), 1U);
  EXPECT_EQ(seen_of(again.microscope, "GPU-1").lanes, 0.25);
  EXPECT_EQ(wire::line_of(trace_json(again)), wire::line_of(trace_json(before)));
  ASSERT_EQ(after->rows.size(), 1U);
  EXPECT_EQ(after->rows[0].signature, before.kernels.rows[0].signature);
  EXPECT_EQ(wire::line_of(kernel_json(after->rows[0])),
            wire::line_of(kernel_json(before.kernels.rows[0])));
}

TEST(RunEvents, NoRunNoTable) {
  std::vector<sample::Event> events = events_of(report());
  events.pop_back();
  EXPECT_FALSE(kernel_table_of(events));
  EXPECT_FALSE(kernel_table_of({}));
  RunReport untraced = report();
  untraced.kernels = {};
  EXPECT_FALSE(kernel_table_of(events_of(untraced)));
}

TEST(RunEvents, ARowOfNoDeviceIsLeftOut) {
  RunReport odd = report();
  odd.kernels.rows[0].signature.device = 4;
  EXPECT_TRUE(kernel_table_of(events_of(odd))->rows.empty());
}

// Any damage to any event is survived, and no figure comes out negative or beyond its type.
TEST(RunEvents, AnyTextIsSurvived) {
  std::mt19937 random(7);
  const auto up_to = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(random);
  };
  constexpr std::string_view kBytes = "0123456789eE+-.,:[]{}\"\\nulltrue\xff";
  for (int round = 0; round < 2000; ++round) {
    std::vector<sample::Event> events = events_of(report());
    for (sample::Event& event : events)
      for (std::size_t n = up_to(6); n > 0; --n)
        event.text[up_to(event.text.size() - 1)] = kBytes[up_to(kBytes.size() - 1)];
    for (const MicroscopeLook& look : looks_of(events)) {
      EXPECT_GE(look.seen.lanes.value_or(0), 0);
      EXPECT_LE(look.seen.lanes.value_or(0), 1);
    }
    const auto table = kernel_table_of(events);
    if (!table) continue;
    EXPECT_GE(table->scale, 1);
    for (const sample::KernelRow& row : table->rows) {
      EXPECT_LT(static_cast<std::size_t>(row.signature.device), table->devices.size());
      EXPECT_GE(row.launches, 0);
      EXPECT_GE(row.total, Seconds(0));
    }
  }
}

}  // namespace
}  // namespace assay::cli

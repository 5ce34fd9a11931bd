// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/wire/counter_trace.hpp"
#include "assay/wire/csv.hpp"

namespace assay::wire {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;

appraise::AppraisedSnapshot snapshot(int second, double sm_active = 0.5) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.facts.name = "odd, \"quoted\"\nname";
  device.sample.at.unix_ns += second * 1'000'000'000LL;
  device.sample.at_id(Id::sm_active) =
      sm_active < 0 ? Reading<double>::unknown(Reason::no_new_data, sample::Source::gpm)
                    : Reading<double>::measured(sm_active, sample::Source::gpm, Seconds(1));
  appraise::AppraisedSnapshot out;
  out.at = device.sample.at;
  out.origin = {sample::OriginKind::recording, "job.assay"};
  out.devices.push_back(appraise::appraise(std::move(device), appraise::priced_board()));
  return out;
}

// RFC 4180, as a reader sees it.
std::vector<std::vector<std::string>> parse(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && text[i + 1] == '"') rows.back().back() += text[++i];
    else if (c == '"') quoted = !quoted;
    else if (!quoted && c == ',') rows.back().emplace_back();
    else if (!quoted && c == '\n') rows.push_back({""});
    else rows.back().back() += c;
  }
  rows.pop_back();
  return rows;
}

TEST(Csv, HasACellForEachColumnAndUnknownIsEmptyWithItsReason) {
  const sample::Origin recorded{sample::OriginKind::simulation, "fleet-8"};
  const auto rows =
      parse(csv_header() + csv_rows(snapshot(0), &recorded) + csv_rows(snapshot(1, -1)));
  ASSERT_EQ(rows.size(), 3U);
  std::map<std::string, std::size_t> column;
  for (std::size_t i = 0; i < rows[0].size(); ++i) {
    EXPECT_TRUE(column.emplace(rows[0][i], i).second) << rows[0][i] << " twice";
    EXPECT_FALSE(rows[0][i].empty());
  }
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows[0].size());
  EXPECT_EQ(rows[1][column["name"]], "odd, \"quoted\"\nname");
  EXPECT_EQ(rows[1][column["sm_active"]], "0.5");
  EXPECT_EQ(rows[1][column["sm_active_state"]], "measured");
  EXPECT_EQ(rows[2][column["sm_active"]], "");
  EXPECT_EQ(rows[2][column["sm_active_state"]], "unknown:no-new-data");
  EXPECT_EQ(rows[2][column["empty_sms"]], "") << "a part that nothing can place";
  EXPECT_EQ(rows[1][column["ladder_sm_active"]], "0.5");
  EXPECT_EQ(rows[1][column["recorded_from"]], "simulation");
  EXPECT_EQ(rows[2][column["recorded_from"]], "");
  EXPECT_EQ(rows[1][column["at"]], "2025-11-22T08:40:12.123Z");
  double sum = 0;
  for (const char* part :
       {"not_held", "idle_held", "empty_sms", "stalled", "engaged", "unattributed"})
    sum += std::stod(rows[1][column[part]]);
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(Csv, AMetricsColumnIsItsReadingAndTheRaisedRungHasItsOwn) {
  sample::DeviceSample device = appraise::one_thread_device();
  const auto set = [&](metric::Id id, double value) {
    device.sample.at_id(id) =
        sample::Reading<double>::measured(value, sample::Source::gpm, Seconds(1));
  };
  set(metric::Id::sm_active, 0.25);
  set(metric::Id::dram_util, 0.625);
  appraise::AppraisedSnapshot window;
  window.devices.push_back(appraise::appraise(std::move(device), appraise::priced_board()));
  const auto rows = parse(csv_header() + csv_rows(window));
  const auto cell = [&](std::string_view name) {
    const auto at = std::ranges::find(rows[0], name);
    return at == rows[0].end() ? "no such column" : rows[1][std::size_t(at - rows[0].begin())];
  };
  EXPECT_EQ(cell("sm_active"), "0.25");
  EXPECT_EQ(cell("ladder_sm_active"), "0.625") << "raised to the speed of light";
  EXPECT_EQ(cell("ladder_sol"), "0.625");
}

TEST(CounterTrace, IsWhatPerfettoReads) {
  CounterTrace trace;
  std::string text = trace.begin({sample::OriginKind::recording, "job.assay"},
                                 {sample::OriginKind::simulation, "fleet-8"});
  for (int second = 0; second < 5; ++second) text += trace.window(snapshot(second, 0.1 * second));
  text += trace.event({snapshot(2).at, 0, "xid", "Xid 79 \"fallen\""});
  text += trace.event({snapshot(3).at, -1, "note", "n"});
  text += trace.window(snapshot(5, -1)) + CounterTrace::end();
  const auto json = nlohmann::json::parse(text);
  std::set<std::string> counters;
  int unknown = 0;
  for (const auto& event : json["traceEvents"]) {
    const std::string phase = event["ph"];
    ASSERT_TRUE(phase == "C" || phase == "i" || phase == "M") << event;
    ASSERT_TRUE(event["pid"].is_number_integer() && event["name"].is_string()) << event;
    if (phase == "M") continue;
    ASSERT_TRUE(event["ts"].is_number()) << event;
    EXPECT_GE(event["ts"].get<double>(), 0);
    if (phase == "i") {
      EXPECT_TRUE(event["s"] == "p" || event["s"] == "g");
      unknown += event["name"].get<std::string>().ends_with("(unknown)") ? 1 : 0;
      continue;
    }
    ASSERT_TRUE(event["args"]["value"].is_number()) << event;
    counters.insert(event["name"]);
  }
  EXPECT_TRUE(counters.contains("SM active %"));
  EXPECT_TRUE(counters.contains("lost to empty_sms %"));
  EXPECT_GE(unknown, 1) << "the last window's SM activity";
  EXPECT_EQ(json["otherData"]["kind"], "simulation");
}

TEST(CounterTrace, TellsAValueOnceUntilItChanges) {
  CounterTrace trace;
  static_cast<void>(trace.begin({}, {}));
  EXPECT_NE(trace.window(snapshot(0)).find("SM active"), std::string::npos);
  EXPECT_EQ(trace.window(snapshot(1)), "");
}

}  // namespace
}  // namespace assay::wire

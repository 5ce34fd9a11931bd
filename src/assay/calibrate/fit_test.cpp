// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/fit.hpp"

#include <gtest/gtest.h>

namespace assay::calibrate {
namespace {

// Thirty runs of a model, measured so many times as long as predicted.
void add_runs(const char* model, double ratio, std::vector<ServingRow>& rows) {
  for (int i = 0; i < 30; ++i) {
    ServingRow row;
    row.model = model;
    row.system = "chip";
    row.ttft_s = row.tpot_s = ratio;
    rows.push_back(row);
  }
}

TEST(Fit, AGroupLeftOutIsHeldToTheIntervalOfTheOthers) {
  std::vector<ServingRow> rows;
  add_runs("a", 1, rows);
  add_runs("b", 2, rows);
  std::vector<Judged> judged;
  for (const ServingRow& row : rows)
    judged.push_back({.row = &row, .prediction = Prediction{.ttft_s = 1, .tpot_s = 1}});
  spread_by_others(judged, LeftOut::model);
  EXPECT_DOUBLE_EQ(judged.front().prediction->spreads.tpot.hi, 2);
  EXPECT_DOUBLE_EQ(judged.back().prediction->spreads.tpot.hi, 1);
  const Report report = report_of(std::move(judged));
  EXPECT_DOUBLE_EQ(*report.groups[0].score.tpot_cover90, 1);  // 1 lies within 1 to 2
  EXPECT_DOUBLE_EQ(*report.groups[1].score.tpot_cover90, 0);  // 2 does not within 1 to 1
}

}  // namespace
}  // namespace assay::calibrate

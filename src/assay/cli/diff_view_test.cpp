// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/cli/diff_report.hpp"

namespace assay::cli {
namespace {

using contrast::Claim;
using metric::Id;
using sample::Reading;
using testing::HasSubstr;
using testing::Not;

sample::KernelRow kernel(const std::string& name, int launches, double each_us, double spread_us) {
  sample::KernelRow row;
  row.signature.name = name;
  row.launches = launches;
  row.total = Seconds(launches * each_us * 1e-6);
  row.shortest = Seconds((each_us - spread_us) * 1e-6);
  row.longest = Seconds((each_us + spread_us) * 1e-6);
  return row;
}

std::vector<KernelTotal> totals(std::vector<sample::KernelRow> rows, double scale = 1) {
  sample::KernelTable table;
  table.rows = std::move(rows);
  table.scale = scale;
  return kernels_of(table);
}

TEST(DiffKernels, AddUpByNameAndClaimOnlyWhereNoLaunchesOverlap) {
  const auto a = totals({kernel("gemm", 10, 100, 5), kernel("gemm", 5, 110, 5),
                         kernel("copy", 9, 10, 1), kernel("gone", 1, 1, 0)});
  ASSERT_EQ(a.size(), 3U);
  EXPECT_EQ(a[0].name, "gemm");
  EXPECT_EQ(a[0].launches, 15);
  EXPECT_NEAR(a[0].total_s, 1550e-6, 1e-12);
  const auto b =
      totals({kernel("gemm", 10, 140, 5), kernel("copy", 9, 10.5, 1), kernel("new", 1, 7, 0)});
  const auto pairs = kernel_pairs(a, b);
  ASSERT_EQ(pairs.size(), 4U);
  EXPECT_EQ(pairs[0].claim, Claim::more) << "each launch of gemm is slower";
  for (const KernelPair& pair : pairs) {
    const bool both = pair.a && pair.b;
    EXPECT_EQ(pair.claim == Claim::unknown, !both);
    EXPECT_TRUE(!both || pair.a->name != "copy" || pair.claim == Claim::same);
  }
}

contrast::Run run_at(double sm_active, int windows) {
  contrast::RunGatherer gatherer;
  for (int i = 0; i < windows; ++i) {
    sample::DeviceSample device = appraise::one_thread_device();
    device.sample.at_id(Id::sm_active) = Reading<double>::measured(
        sm_active + 0.01 * ((i * 7919) % 13 - 6) / 6, sample::Source::gpm, Seconds(1));
    appraise::AppraisedSnapshot snapshot;
    snapshot.devices.push_back(appraise::appraise(std::move(device), appraise::priced_board()));
    gatherer.add(snapshot);
  }
  return gatherer.run();
}

DiffReport report_of(double a, double b, int windows) {
  DiffReport report{.a = {.name = "a.assay", .run = run_at(a, windows)},
                    .b = {.name = "b.assay", .run = run_at(b, windows)}};
  report.changes = contrast::contrast(report.a.run, report.b.run);
  return report;
}

TEST(DiffKernels, SampledBurstsAreScaledToTheWhole) {
  const auto sampled = totals({kernel("gemm", 10, 100, 5)}, 20);
  EXPECT_EQ(sampled[0].launches, 200);
  EXPECT_NEAR(sampled[0].total_s, 0.02, 1e-12);
}

TEST(DiffHeadline, SaysWhatChangedOrThatNothingCanBeTold) {
  EXPECT_THAT(diff_headline(report_of(0.2, 0.8, 40)), HasSubstr("went from 19.9 % to 79.9 %"));
  EXPECT_THAT(diff_headline(report_of(0.5, 0.5, 40)), HasSubstr("Nothing changed"));
}

TEST(DiffHeadline, NamesTheLargestDifferencesThatTooFewWindowsLeaveOpen) {
  const std::string text = diff_headline(report_of(0.2, 0.8, 3));
  EXPECT_THAT(text, HasSubstr("Too few independent windows to judge"));
  EXPECT_THAT(text, HasSubstr("unjudged, \"SM active (at least SOL)\" went from"));
  EXPECT_THAT(text, Not(HasSubstr("Nothing changed")));
}

TEST(DiffView, ADifferenceThatRoundsToZeroHasNoSignAndTitlesAreWholeAt80Columns) {
  DiffReport report = report_of(0.2, 0.8, 3);
  for (contrast::Change& change : report.changes) change.change = -1e-6;
  const std::string text = diff_view({.width = 80, .colour = false, .unicode = true}, report);
  EXPECT_THAT(text, HasSubstr(" 0.0 pt"));
  EXPECT_THAT(text, Not(HasSubstr("-0.0 pt")));
  EXPECT_THAT(text, HasSubstr("warps resident, limiter idle "));
}

TEST(DiffView, FitsTheTerminalAndClaimsWithAWord) {
  for (const int width : {60, 80, 120}) {
    const std::string text =
        diff_view({.width = width, .colour = false, .unicode = true}, report_of(0.2, 0.8, 40));
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = text.find('\n', begin);
      EXPECT_LE(columns(text.substr(begin, end - begin)), width) << text.substr(begin, end - begin);
      begin = end + 1;
    }
    EXPECT_THAT(text, HasSubstr("more"));
  }
  EXPECT_THAT(diff_view({.width = 80, .colour = false, .unicode = false}, report_of(0.5, 0.5, 40)),
              Not(HasSubstr("^ more")));
}

TEST(DiffView, SaysThatADeviceWasLostAndWhatThatLeavesOpen) {
  DiffReport report = report_of(0.5, 0.5, 40);
  report.a.run.device_lost = 11;
  report.a.run.money_at_least = true;
  report.changes = contrast::contrast(report.a.run, report.b.run);
  EXPECT_EQ(
      diff_headline(report),
      "A: device lost in 11 of 40 windows. Nothing else changed that the noise of the windows "
      "allows to tell.");
  EXPECT_THAT(diff_view({.width = 80, .colour = false, .unicode = true}, report),
              HasSubstr(" ≥ $"));
  EXPECT_THAT(diff_view({.width = 80, .colour = false, .unicode = false}, report),
              HasSubstr(" >=$"));
  EXPECT_THAT(diff_json(report), HasSubstr("\"device_lost_windows\":11"));
  EXPECT_THAT(diff_json(report), HasSubstr("\"usd_lost_at_least\":true"));
  report.b.run.device_lost = 1;
  report.b.run.device_unanswered = 2;
  report.b.run.devices = {0, 1};
  EXPECT_THAT(diff_headline(report),
              HasSubstr("B: a device lost in 1 and without an answer in 2 of 40 windows. "));
}

}  // namespace
}  // namespace assay::cli

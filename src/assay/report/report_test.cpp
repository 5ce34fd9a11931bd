// SPDX-License-Identifier: Apache-2.0
#include "assay/report/report.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/report/page_parts.hpp"

namespace assay::report {
namespace {

using metric::Id;
using sample::Reading;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kStart = 1763800800'000'000'000;

appraise::AppraisedSnapshot window(double at, double length, double sm_active) {
  sample::DeviceSample device = appraise::one_thread_device();
  device.facts.name = "<script>alert(1)</script>";
  device.sample.at.unix_ns = kStart + std::llround(at * 1e9);
  device.sample.window = Seconds(length);
  device.sample.at_id(Id::sm_active) =
      Reading<double>::measured(sm_active, sample::Source::gpm, Seconds(length));
  appraise::AppraisedSnapshot out;
  out.at = device.sample.at;
  out.devices.push_back(appraise::appraise(std::move(device), appraise::priced_board()));
  return out;
}

sample::WallTime moment(double at) { return {kStart + std::llround(at * 1e9)}; }

TEST(Bands, WindowsCountForTheBucketsThatTheyOverlap) {
  BandGatherer gatherer(moment(0), moment(10), 5);
  gatherer.add(window(3, 3, 1.0));   // 0..3
  gatherer.add(window(4, 1, 0.0));   // 3..4
  gatherer.add(window(10, 2, 0.5));  // 8..10
  const Band& band = gatherer.bands().at(0);
  ASSERT_EQ(band.buckets.size(), 5U);
  EXPECT_NEAR(band.buckets[0].seconds, 2, 1e-9);
  EXPECT_NEAR(band.buckets[1].seconds, 2, 1e-9);
  EXPECT_EQ(band.buckets[2].seconds, 0) << "a gap";
  EXPECT_EQ(band.buckets[3].seconds, 0);
  const auto empty =
      static_cast<std::size_t>(std::ranges::find(kParts, "empty_sms") - kParts.begin());
  EXPECT_NEAR(band.buckets[0].share[empty], 0, 1e-6);
  EXPECT_NEAR(band.buckets[1].share[empty], 0.5, 0.01) << "half the one window, half the other";
  EXPECT_NEAR(band.buckets[4].share[empty], 0.5, 1e-6);
  for (const Bucket& bucket : band.buckets) {
    double sum = 0;
    for (const double share : bucket.share) sum += share;
    EXPECT_NEAR(sum, bucket.seconds > 0 ? 1 : 0, 1e-9);
  }
  EXPECT_NEAR(band.seconds, 6, 1e-9);
  EXPECT_NEAR(band.paid_usd, 2.5 * 6 / 3600, 1e-12);
}

appraise::AppraisedSnapshot gone(double at, double length) {
  sample::DeviceSample device = appraise::gone_device();
  device.sample.at.unix_ns = kStart + std::llround(at * 1e9);
  device.sample.window = Seconds(length);
  appraise::AppraisedSnapshot out;
  out.at = device.sample.at;
  out.devices.push_back(appraise::appraise(std::move(device), appraise::priced_board()));
  return out;
}

TEST(Bands, ALostDeviceIsPaidForAndItsTimeIsUnattributed) {
  BandGatherer gatherer(moment(0), moment(8), 8);
  gatherer.add(window(6, 6, 0.5));
  gatherer.add(gone(8, 2));
  const Band& band = gatherer.bands().at(0);
  EXPECT_NEAR(band.seconds, 8, 1e-9);
  EXPECT_NEAR(band.share_of(kParts.size() - 1), 0.25, 1e-9);
  EXPECT_NEAR(band.paid_usd, 2.5 * 8 / 3600, 1e-12);
  EXPECT_LE(band.lost_usd, 2.5 * 6 / 3600);
  EXPECT_TRUE(band.floor);
  EXPECT_NEAR(band.buckets[7].share[kParts.size() - 1], 1, 1e-9);

  Report report{.name = "lost", .from = moment(0), .to = moment(8), .windows = 2};
  report.bands = gatherer.bands();
  report.whole = window(8, 8, 0.5);
  const std::string html = page(report);
  EXPECT_THAT(html, HasSubstr("At least <b>"));
  EXPECT_THAT(html, HasSubstr("75 % of what these devices cost over 8 s"));
  EXPECT_THAT(html, HasSubstr("class=\"unattributed\"/></svg>unknown</li>"));
  EXPECT_THAT(html, HasSubstr("unknown</td><td class=\"n\">25.0 %</td>"));
}

Report small() {
  Report report{.name = "job \"1\".assay",
                .recorded = {sample::OriginKind::simulation, "fleet-8"},
                .from = moment(0),
                .to = moment(10),
                .windows = 10,
                .made_by = "0.1.0"};
  report.provenance.command = "python train.py <x>";
  BandGatherer gatherer(report.from, report.to, 10);
  for (int i = 1; i <= 10; ++i) gatherer.add(window(i, 1, 0.1 * i));
  report.bands = gatherer.bands();
  report.whole = window(10, 10, 0.5);
  report.events = {{moment(4), 0, "xid", "Xid 79 <&>"}, {moment(5), -1, "kernel", "{}"}};
  report.kernels = {{"gemm<float>", 10, 0.5}};
  return report;
}

// Each tag that is opened is closed in order; void elements and self-closed ones aside.
void expect_whole(const std::string& markup) {
  std::vector<std::string> open;
  for (std::size_t at = markup.find('<'); at != std::string::npos; at = markup.find('<', at + 1)) {
    const std::size_t end = markup.find('>', at);
    ASSERT_NE(end, std::string::npos);
    std::string tag = markup.substr(at + 1, end - at - 1);
    if (tag.starts_with("!") || tag.ends_with("/")) continue;
    const bool closes = tag.starts_with("/");
    tag = tag.substr(closes ? 1 : 0, tag.find(' ') - (closes ? 1 : 0));
    if (tag == "meta" || tag == "br") continue;
    if (!closes) {
      open.push_back(tag);
      continue;
    }
    ASSERT_FALSE(open.empty()) << tag;
    ASSERT_EQ(open.back(), tag);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

TEST(Page, IsWholeSelfContainedAndStamped) {
  const std::string html = page(small());
  expect_whole(html);
  EXPECT_THAT(html, HasSubstr("SIMULATED fleet-8: no hardware was measured"));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(html, HasSubstr("@media print"));
  EXPECT_THAT(html, HasSubstr("python train.py &lt;x&gt;"));
  EXPECT_THAT(html, HasSubstr("gemm&lt;float&gt;"));
  EXPECT_THAT(html, HasSubstr("Xid 79 &lt;&amp;&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  for (const char* outside : {"src=", "href=", "@import", "url("})
    EXPECT_THAT(html, Not(HasSubstr(outside)));
}

TEST(Page, MoneyIsWhatTheWindowsAddUpTo) {
  const Report report = small();
  EXPECT_NEAR(report.bands[0].paid_usd, 2.5 * 10 / 3600, 1e-12);
  // SM active goes from 10 to 100 %, and its limiter hardly works: nearly all is lost.
  EXPECT_NEAR(report.bands[0].lost_usd / report.bands[0].paid_usd, 1, 0.001);
  EXPECT_THAT(page(report), HasSubstr("100 % of what these devices cost over 10 s"));
}

TEST(Page, SMActiveIsTheSumOfThePartsThatItShowsAndSaysWhereItWasRaised) {
  Report report = small();
  EXPECT_EQ(active_words(report, 0), "55.0 %");  // the mean of 10, 20 ... 100 %
  report.bands[0].sm_active_raised = true;
  EXPECT_EQ(active_words(report, 0), "55.0 % (raised)");
  EXPECT_THAT(page(report), HasSubstr("55.0 % (raised)"));
  EXPECT_EQ(active_words(report, 7), "unknown");
}

TEST(Page, WhatNvidiaSmiPrintedStandsAsItWasPrintedAfterTheRest) {
  Report report = small();
  report.events.insert(report.events.begin(), {moment(1), 0, "nvidia-smi", "| a |\n| <b> |\n"});
  const std::string html = page(report);
  expect_whole(html);
  const std::size_t smi = html.find("<pre>| a |\n| &lt;b&gt; |\n</pre>");
  ASSERT_NE(smi, std::string::npos);
  EXPECT_GT(smi, html.find("Xid 79"));
}

TEST(Page, SmallSumsAreNotRoundedToNothing) {
  EXPECT_EQ(dollar_words(12.4), "$12.40");
  EXPECT_EQ(dollar_words(0.0021), "$0.0021");
  EXPECT_EQ(dollar_words(1e-6), "<$0.0001");
  EXPECT_EQ(dollar_words(0), "$0.00");
  EXPECT_THAT(page(small()), HasSubstr("of $0.0069 was lost"));
}

TEST(Page, WithoutAPriceThereAreNoDollars) {
  Report report = small();
  for (Band& band : report.bands) band.paid_usd = band.lost_usd = 0;
  EXPECT_THAT(page(report), Not(HasSubstr("class=\"lost\"")));
}

TEST(LadderSvg, StandsAlone) {
  const std::string picture = ladder_svg(small());
  expect_whole(picture);
  EXPECT_TRUE(picture.starts_with("<svg xmlns="));
  EXPECT_THAT(picture, HasSubstr("SIMULATED fleet-8"));
  EXPECT_THAT(picture, HasSubstr("class=\"empty_sms\" d=\"M"));
  EXPECT_THAT(picture, Not(HasSubstr("nan")));
  EXPECT_THAT(picture, Not(HasSubstr("inf\"")));
}

TEST(LadderSvg, AGapIsLeftOpen) {
  Report report = small();
  BandGatherer gatherer(report.from, report.to, 10);
  gatherer.add(window(2, 2, 0.5));
  gatherer.add(window(10, 2, 0.5));
  report.bands = gatherer.bands();
  const std::string picture = ladder_svg(report);
  std::size_t areas = 0;
  for (std::size_t at = 0;
       (at = picture.find("<path class=\"empty_sms\"", at)) != std::string::npos; ++at)
    ++areas;
  EXPECT_EQ(areas, 2U);
}

}  // namespace
}  // namespace assay::report

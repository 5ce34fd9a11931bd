// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/series_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "assay/http/random_bytes_test.hpp"
#include "assay/serve/fuzz_body.hpp"
#include "assay/serve/time_text.hpp"

namespace assay::serve {
namespace {

using testing::HasSubstr;

constexpr sample::WallTime kNow{1'764'400'000'000'000'000};
constexpr std::int64_t kSecond = 1'000'000'000;

Result<SeriesRequest> parse(std::string_view query) {
  return parse_series_request(http::Query::parse(query).value(), kNow, Seconds(1));
}

TEST(TimeText, FourWaysToSayIt) {
  EXPECT_EQ(parse_time("now", kNow).value(), kNow);
  EXPECT_EQ(parse_time("-15m", kNow).value().unix_ns, kNow.unix_ns - 900 * kSecond);
  EXPECT_THAT(parse_time("-1000d", kNow).error().message, HasSubstr("at most -366d"));
  EXPECT_EQ(parse_time("1764400000.5", kNow).value().unix_ns, kNow.unix_ns + kSecond / 2);
  EXPECT_EQ(parse_time("2025-11-29T07:06:40Z", kNow).value(), kNow);
  for (const char* text : {"", "-", "-15", "15m", "yesterday", "9e9", "nan", "1e400", "-1e9s"})
    EXPECT_FALSE(parse_time(text, kNow)) << text;
}

TEST(SeriesRequest, TheLastQuarterOfAnHourByDefault) {
  const auto request = parse("metric=sm_active,ladder.sol,loss.unattributed");
  ASSERT_TRUE(request) << request.error().message;
  ASSERT_EQ(request->metrics.size(), 3U);
  EXPECT_EQ(request->metrics[0].name(), "sm_active");
  EXPECT_EQ(request->metrics[1].name(), "ladder.sol");
  EXPECT_EQ(request->metrics[1].unit(), "ratio");
  EXPECT_EQ(request->grid.to_ns, kNow.unix_ns);
  EXPECT_EQ(request->grid.from_ns, kNow.unix_ns - 900 * kSecond);
  EXPECT_EQ(request->grid.step_ns, kSecond);
  EXPECT_EQ(request->grid.size(), 900U);
}

TEST(SeriesRequest, StepsThatWouldMakeTooManyPointsAreLengthened) {
  for (const char* query : {"metric=power&from=-168h&step=1", "metric=power&from=0&to=200000000",
                            "metric=power&from=-1h&step=1ms"}) {
    const auto request = parse(query);
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_LE(request->grid.size(), kMostPoints) << query;
    EXPECT_GT(request->grid.size(), kMostPoints / 2) << query;
  }
  EXPECT_EQ(parse("metric=power&step=30").value().grid.step_ns, 30 * kSecond);
  EXPECT_EQ(parse("metric=power&step=2m").value().grid.step_ns, 120 * kSecond);
}

TEST(SeriesRequest, SaysWhichParameterIsWrong) {
  const auto message = [](std::string_view query) { return parse(query).error().message; };
  EXPECT_THAT(message(""), HasSubstr("metric"));
  EXPECT_THAT(message("metric=sm_activ"), HasSubstr("\"sm_active\"?"));
  EXPECT_THAT(message("metric=power&from=tomorrow"), HasSubstr("from"));
  EXPECT_THAT(message("metric=power&from=-1m&to=-2m"), HasSubstr("before to"));
  EXPECT_THAT(message("metric=power&step=0"), HasSubstr("step"));
  EXPECT_THAT(message("metric=power&points=3"), HasSubstr("\"points\""));
  std::string many = "metric=";
  for (std::size_t i = 0; i <= kMostMetrics; ++i) many += std::string(metric::all()[i].name) + ",";
  EXPECT_THAT(message(many), HasSubstr("at most 32"));
}

TEST(SeriesRequest, AMetricAskedForTwiceIsOne) {
  EXPECT_EQ(parse("metric=power,power,ladder.sol,power").value().metrics.size(), 2U);
}

// Windows a second apart, jittered by less than half of it, fall into a step each, whatever the
// moment at which somebody asks.
RC_GTEST_PROP(Grid, CentredStepsHaveOneWindowEach, ()) {
  const std::int64_t phase = *rc::gen::inRange<std::int64_t>(0, kSecond);
  Grid grid{kNow.unix_ns - 60 * kSecond, kNow.unix_ns, kSecond};
  const std::int64_t newest = kNow.unix_ns - phase;
  grid.centre_on(newest);
  std::vector<int> hits(grid.size());
  for (int i = 0; i < 58; ++i) {
    const std::int64_t jitter = *rc::gen::inRange<std::int64_t>(-kSecond / 3, kSecond / 3);
    const std::int64_t at = newest - i * kSecond + (i == 0 ? 0 : jitter);
    RC_ASSERT(grid.holds(at));
    ++hits[grid.place(at)];
  }
  for (const int hit : hits) RC_ASSERT(hit <= 1);
}

// A million queries, nearly right; test/fuzz does the same for longer.
TEST(SeriesRequest, NearlyRightQueriesCrashNothing) {
  http::RandomBytes random(20261129, {"metric=", "power", ",", "ladder.sol", "&device=", "0",
                                      "&from=", "-15m", "1764400000", "2025-11-29T07:06:40Z",
                                      "&to=", "now", "&step=", "1s", "9e9", "-", "%41", "&", "="});
  for (int i = 0; i < 1'000'000; ++i) ask_anything(random.next());
}

}  // namespace
}  // namespace assay::serve

// SPDX-License-Identifier: Apache-2.0
#include "assay/exposition/exposition.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "assay/exposition/fuzz_body.hpp"

namespace assay::exposition {
namespace {

TEST(Exposition, ReadsNamesLabelsAndValues) {
  const auto scrape = parse(
      "# HELP vllm:tokens_total made\n# TYPE vllm:tokens_total counter\n"
      "vllm:tokens_total{model_name=\"a \\\"b\\\" \\\\ \\n\",engine=\"0\",} 1.5e3 1700000000000\n"
      "\n  up 1\r\nnothing NaN\nmost +Inf\nleast -Inf\n");
  ASSERT_TRUE(scrape.ok()) << scrape.error().message;
  ASSERT_EQ(scrape->points.size(), 5U);
  const Point& first = scrape->points[0];
  EXPECT_EQ(first.name, "vllm:tokens_total");
  EXPECT_EQ(label(first.labels, "model_name"), "a \"b\" \\ \n");
  EXPECT_EQ(label(first.labels, "absent"), "");
  EXPECT_EQ(first.value, 1500);
  EXPECT_EQ(scrape->kind_of("vllm:tokens_total"), Kind::counter);
  EXPECT_EQ(scrape->kind_of("up"), Kind::untyped);
  EXPECT_TRUE(std::isnan(scrape->points[2].value));
  EXPECT_EQ(scrape->points[3].value, INFINITY);
  EXPECT_EQ(scrape->points[4].value, -INFINITY);
}

TEST(Exposition, ReadsOpenMetrics) {
  const auto scrape = parse(
      "# TYPE a histogram\n# UNIT a seconds\n"
      "a_bucket{le=\"+Inf\"} 4 # {trace_id=\"x\"} 0.5 1.7e9\na_count 4 1520879607.789\n"
      "# EOF\nwhat comes behind is not read\n");
  ASSERT_TRUE(scrape.ok()) << scrape.error().message;
  EXPECT_EQ(scrape->points.size(), 2U);
  EXPECT_EQ(scrape->kind_of("a"), Kind::histogram);
}

TEST(Exposition, RefusesWhatIsNone) {
  for (const char* text : {"<html><body>404</body></html>", "{\"status\":\"ok\"}", "a", "a b",
                           "a{b} 1", "a{b=\"c} 1", "a{b=\"c\"", "a{b=\"c\" d=\"e\"} 1", "a 1 later",
                           "a 1 2 3", "9a 1", "a ++1", "a{=\"\"} 1"}) {
    const auto scrape = parse(text);
    ASSERT_FALSE(scrape.ok()) << text;
    EXPECT_TRUE(scrape.error().message.starts_with("line 1: ")) << scrape.error().message;
  }
  EXPECT_EQ(parse("good 1\n\x1b[2J\xff bad").error().message,
            "line 2: \"?[2J? bad\" is no sample of Prometheus' text format");
  EXPECT_FALSE(parse("").ok());
  EXPECT_FALSE(parse("# only a comment\n").ok());
}

TEST(Exposition, RefusesMoreThanItKeeps) {
  std::string text;
  for (std::size_t i = 0; i <= kMostPoints; ++i) text += "a 1\n";
  EXPECT_FALSE(parse(text).ok());
}

TEST(Selector, MatchesNameAndItsLabels) {
  const auto selector = parse_selector("a:b{kind=\"used\"}");
  ASSERT_TRUE(selector.ok());
  EXPECT_TRUE(selector->matches({"a:b", {{"x", "y"}, {"kind", "used"}}, 1}));
  EXPECT_FALSE(selector->matches({"a:b", {{"kind", "free"}}, 1}));
  EXPECT_FALSE(selector->matches({"a", {{"kind", "used"}}, 1}));
  EXPECT_FALSE(parse_selector("a 1").ok());
  EXPECT_FALSE(parse_selector("").ok());
  EXPECT_EQ(to_text("a", {{"b", "c\"\\\n"}, {"d", ""}}), "a{b=\"c\\\"\\\\\\n\",d=\"\"}");
}

TEST(Mutation, NoTextCrashesTheReader) {
  std::mt19937 random(20261129);  // fixed: a failure must come again
  const std::string seed =
      "# TYPE a histogram\na_bucket{le=\"0.1\",m=\"x\\\\\"} 4\na_sum 1e3\nb{} NaN 12\n# EOF\n";
  static constexpr std::string_view kSyntax = "{}\"\\=,#\n +-eNaIf0\r\t";
  for (int i = 0; i < 1'000'000; ++i) {
    std::string text = seed;
    for (std::size_t n = 1 + random() % 4; n > 0 && !text.empty(); --n) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = static_cast<char>(random() % 256); break;
        case 1: text.erase(at, 1 + random() % 9); break;
        case 2: text.insert(at, 1, kSyntax[random() % kSyntax.size()]); break;
        default: text.insert(random() % text.size(), text.substr(at, random() % 20)); break;
      }
    }
    fuzz_scrape(text);
  }
}

}  // namespace
}  // namespace assay::exposition

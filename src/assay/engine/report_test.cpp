// SPDX-License-Identifier: Apache-2.0
#include "assay/engine/report.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "assay/base/read_file.hpp"

namespace assay::engine {
namespace {

using sample::Reason;
using sample::State;

exposition::Scrape scrape_of(const std::string& file) {
  const auto text = read_file(std::string(ASSAY_ENGINE_SCRAPES) + "/" + file);
  EXPECT_TRUE(text.ok()) << file;
  auto scrape = exposition::parse(*text);
  EXPECT_TRUE(scrape.ok()) << scrape.error().message;
  return *std::move(scrape);
}

// The engine's two scrapes, ten seconds apart.
Report ten_seconds_of(const std::string& engine) {
  const Observation before{scrape_of(engine + "-1.txt"), Seconds(100)};
  const Observation now{scrape_of(engine + "-2.txt"), Seconds(110)};
  const Dialect* dialect = recognize(now.scrape, dialects());
  EXPECT_NE(dialect, nullptr) << engine;
  return report(*dialect, &before, now);
}

void expect(const Figure& figure, double value, State state) {
  ASSERT_TRUE(figure.value().has_value()) << to_string(figure.reason());
  EXPECT_NEAR(*figure.value(), value, 1e-9 * value + 1e-12);
  EXPECT_EQ(figure.state(), state);
}
void expect_unknown(const Figure& figure, Reason reason) {
  EXPECT_FALSE(figure.value().has_value());
  EXPECT_EQ(figure.reason(), reason) << to_string(figure.reason());
}

TEST(Report, OfVllm) {
  const Report r = ten_seconds_of("vllm");
  EXPECT_EQ(r.name, "vLLM");
  EXPECT_EQ(r.models, std::vector<std::string>{"meta-llama/Llama-3.1-8B-Instruct"});
  EXPECT_EQ(r.window, Seconds(10));
  expect(r.generation_tokens_per_second, 2000, State::derived);
  expect(r.prompt_tokens_per_second, 500, State::derived);
  expect(r.first_token_s, 0.25, State::derived);
  expect(r.next_token_s, 0.016, State::derived);
  expect(r.running, 32, State::measured);
  expect(r.waiting, 3, State::measured);
  expect(r.kv_usage, 0.4, State::measured);
  expect(r.batch, 32, State::estimated);
  expect(r.context, 0.4 * 5120 * 16 / 32, State::estimated);
}

TEST(Report, OfAnOlderVllmByItsOlderNames) {
  const Report r = ten_seconds_of("vllm-v0");
  expect(r.next_token_s, 0.016, State::derived);
  expect(r.kv_usage, 0.4, State::measured);
  expect(r.context, 500 + 2000.0 / 2, State::estimated);  // it does not tell how large its cache is
}

TEST(Report, OfSglang) {
  const Report r = ten_seconds_of("sglang");
  EXPECT_EQ(r.id, "sglang");
  expect(r.generation_tokens_per_second, 1200, State::derived);
  expect(r.prompt_tokens_per_second, 400, State::derived);
  expect(r.first_token_s, 0.2, State::derived);
  expect(r.next_token_s, 0.013, State::derived);
  expect(r.context, 1536, State::estimated);
}

TEST(Report, OfTgiThatTellsAtTheEndOfRequests) {
  const Report r = ten_seconds_of("tgi");
  EXPECT_EQ(r.name, "TGI");
  EXPECT_TRUE(r.models.empty());
  expect(r.generation_tokens_per_second, 100, State::estimated);
  expect(r.prompt_tokens_per_second, 150, State::estimated);
  expect(r.next_token_s, 0.025, State::derived);
  expect_unknown(r.first_token_s, Reason::not_supported);
  expect_unknown(r.kv_usage, Reason::not_supported);
  expect(r.context, 300 + 100, State::estimated);
}

TEST(Report, OfTensorRtLlmAndOfItsTritonBackend) {
  const Report serve = ten_seconds_of("trtllm");
  EXPECT_EQ(serve.models, std::vector<std::string>{"llama-3.1-8b"});
  expect(serve.generation_tokens_per_second, 800, State::derived);
  expect(serve.next_token_s, 0.005, State::derived);
  expect(serve.kv_usage, 0.0625, State::measured);
  const Report triton = ten_seconds_of("triton");
  EXPECT_EQ(triton.id, "trtllm");
  expect(triton.running, 12, State::measured);
  expect(triton.waiting, 3, State::measured);
  expect(triton.kv_usage, 0.6, State::measured);
  expect(triton.generation_tokens_per_second, 60, State::estimated);
  expect_unknown(triton.next_token_s, Reason::not_supported);
}

TEST(Report, OfLlamaCpp) {
  const Report r = ten_seconds_of("llama.cpp");
  EXPECT_EQ(r.id, "llama.cpp");
  expect(r.generation_tokens_per_second, 50, State::derived);
  expect(r.next_token_s, 0.019, State::derived);
  expect(r.context, 2048, State::estimated);
}

TEST(Report, OfTheFirstScrapeHasNoRates) {
  const Observation now{scrape_of("vllm-1.txt"), Seconds(0)};
  const Report r = report(*recognize(now.scrape, dialects()), nullptr, now);
  expect_unknown(r.generation_tokens_per_second, Reason::first_sample);
  expect_unknown(r.first_token_s, Reason::first_sample);
  expect(r.running, 32, State::measured);
}

TEST(Report, AcrossARestartHasNoRates) {
  const Observation before{scrape_of("vllm-2.txt"), Seconds(0)};
  const Observation now{scrape_of("vllm-1.txt"), Seconds(10)};
  const Report r = report(*recognize(now.scrape, dialects()), &before, now);
  expect_unknown(r.generation_tokens_per_second, Reason::first_sample);
  expect_unknown(r.next_token_s, Reason::first_sample);
}

TEST(Report, OfAnIdleEngineHasRatesOfZeroAndNoLatencies) {
  const Observation before{scrape_of("vllm-1.txt"), Seconds(0)};
  const Observation now{scrape_of("vllm-1.txt"), Seconds(10)};
  const Report r = report(*recognize(now.scrape, dialects()), &before, now);
  expect(r.generation_tokens_per_second, 0, State::derived);
  expect_unknown(r.next_token_s, Reason::no_new_data);
}

TEST(Report, CountsASeriesThatIsNew) {
  Observation before{scrape_of("vllm-1.txt"), Seconds(0)};
  Observation now = before;
  now.at = Seconds(10);
  now.scrape.points.push_back({"vllm:generation_tokens_total", {{"engine", "1"}}, 500});
  expect(report(*recognize(now.scrape, dialects()), &before, now).generation_tokens_per_second, 50,
         State::derived);
}

TEST(Dialect, RecognizesNoOther) {
  const auto scrape = exposition::parse("http_requests_total 3\nup 1\n");
  EXPECT_EQ(recognize(*scrape, dialects()), nullptr);
  EXPECT_EQ(dialects().size(), 5U);
}

TEST(Dialect, FileIsCheckedWithItsLine) {
  const auto bad = parse_dialect({"x.toml",
                                  "id = 'a'\nname = 'b'\nprofile = 'c'\nprefix = 'd'\n"
                                  "source = 'e'\n[metrics]\nrunning = ['a{b=}']\n"});
  ASSERT_FALSE(bad.ok());
  EXPECT_TRUE(bad.error().message.starts_with("x.toml:6: ")) << bad.error().message;
  EXPECT_FALSE(parse_dialect({"x.toml", "id = 'a'\n"}).ok());
}

// Whatever an engine says of itself, nothing finite comes of it but sane figures.
TEST(Report, OfGarbledScrapesIsNeverNegative) {
  std::mt19937 random(20261129);
  const exposition::Scrape sound = scrape_of("vllm-2.txt");
  static constexpr double kValues[] = {0, -1, 1e308, -1e308, NAN, INFINITY, 1e-300, 3};
  for (int i = 0; i < 3'000; ++i) {
    Observation before{sound, Seconds(0)};
    Observation now{sound, Seconds(static_cast<double>(random() % 3))};
    for (int n = 0; n < 6; ++n) {
      now.scrape.points[random() % now.scrape.points.size()].value = kValues[random() % 8];
      before.scrape.points[random() % before.scrape.points.size()].value = kValues[random() % 8];
    }
    const Report r = report(dialects()[4], &before, now);
    for (const Figure& figure : {r.generation_tokens_per_second, r.next_token_s, r.first_token_s,
                                 r.batch, r.context, r.running, r.waiting, r.kv_usage})
      if (figure.value()) {
        EXPECT_GE(*figure.value(), 0);
        EXPECT_TRUE(std::isfinite(*figure.value()));
      }
  }
}

}  // namespace
}  // namespace assay::engine

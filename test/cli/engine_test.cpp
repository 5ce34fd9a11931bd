// SPDX-License-Identifier: Apache-2.0
// A serving engine beside the ladder: what `assay --engine URL` shows and says in JSON.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>

#include "assay/http/canned_server_test.hpp"
#include "program.hpp"

namespace assay::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// An engine that makes 1000 tokens between any two scrapes, 32 at a time, 1024 tokens each.
std::string vllm_after(int scrapes) {
  const std::string labels = "{engine=\"0\",model_name=\"meta-llama/Llama-3.1-8B-Instruct\"}";
  std::string text = "vllm:cache_config_info{block_size=\"16\",num_gpu_blocks=\"4096\"} 1\n";
  const auto add = [&](const char* name, double value) {
    text += "vllm:" + (name + labels) + " " + std::to_string(value) + "\n";
  };
  add("num_requests_running", 32);
  add("num_requests_waiting", 5);
  add("kv_cache_usage_perc", 0.5);
  add("prompt_tokens_total", 100.0 * scrapes);
  add("generation_tokens_total", 1000.0 * scrapes);
  add("inter_token_latency_seconds_sum", 20.0 * scrapes);
  add("inter_token_latency_seconds_count", 1000.0 * scrapes);
  return text;
}

TEST(Engine, StandsBesideTheLadderWithItsPriceAToken) {
  const http::CannedServer server(
      [](int n) { return http::CannedServer::ok(vllm_after(n), "text/plain"); });
  const Outcome seen = run("--sim decode --price 3.6 --json --engine " + server.url().to_string());
  ASSERT_EQ(seen.code, 0) << seen.err;
  const json snapshot = json::parse(seen.out);
  const json& engine = snapshot["engine"];
  EXPECT_EQ(engine["engine"], "vllm");
  EXPECT_EQ(engine["trouble"], nullptr);
  EXPECT_EQ(engine["devices"], json::array({0}));
  const double rate = engine["generation_tokens_per_second"]["value"];
  const double window = engine["window_s"];
  EXPECT_NEAR(rate * window, 1000, 1e-6);
  EXPECT_NEAR(engine["next_token_s"]["value"], 0.02, 1e-9);
  EXPECT_NEAR(engine["context"]["value"], 1024, 1e-9);
  EXPECT_NEAR(engine["usd_per_million_tokens"]["value"], 3.6 / 3600 * 1e6 / rate, 1e-9);
  const json& device = snapshot["devices"][0];
  const double watts = device["readings"]["power"]["value"];
  EXPECT_NEAR(engine["joules_per_token"]["value"], watts / rate, 1e-6);
  // The planner's roofline, by the model that the engine itself names.
  EXPECT_EQ(device["decode"]["batch"], 32);
  EXPECT_EQ(device["ladder"]["useful"]["state"], "derived");
  EXPECT_NEAR(device["ladder"]["useful"]["value"], device["decode"]["useful"], 1e-12);
}

TEST(Engine, IsShownInWords) {
  const http::CannedServer server(
      [](int n) { return http::CannedServer::ok(vllm_after(n), "text/plain"); });
  const Outcome seen = run("--sim decode --ascii --engine " + server.url().to_string());
  EXPECT_EQ(seen.code, 0);
  for (const char* words : {"vLLM  http://127.0.0.1", "32 running | 5 waiting", "cache 50.0 %",
                            "a million generated tokens: $", " J; useful "})
    EXPECT_THAT(seen.out, HasSubstr(words));
}

TEST(Engine, ANameAloneIsNotPassedOver) {
  const Outcome seen = run("--sim one-thread --engine 127.0.0.1:8000");
  EXPECT_EQ(seen.code, 2);
  EXPECT_THAT(seen.err, HasSubstr("127.0.0.1:8000 is no URL (http://host:port)"));
}

TEST(Engine, InTroubleKeepsTheRestFromNothing) {
  const http::CannedServer html(http::CannedServer::ok("<html>"));
  const Outcome seen = run("--sim one-thread --json --engine " + html.url().to_string());
  ASSERT_EQ(seen.code, 0) << seen.err;
  const json snapshot = json::parse(seen.out);
  EXPECT_THAT(snapshot["engine"]["trouble"].get<std::string>(), HasSubstr("Prometheus"));
  EXPECT_EQ(snapshot["engine"]["usd_per_million_tokens"]["value"], nullptr);
  EXPECT_EQ(snapshot["devices"][0]["ladder"]["busy"]["value"], 1.0);
}

TEST(Engine, OfAModelThatNobodyKnowsHasNoSpeedOfLight) {
  const http::CannedServer server([](int n) {
    return http::CannedServer::ok(
        "vllm:generation_tokens_total{model_name=\"home-made\"} " + std::to_string(n * 100) +
        "\nvllm:num_requests_running{model_name=\"home-made\"} 2\n" +
        "vllm:request_prompt_tokens_sum 10\nvllm:request_prompt_tokens_count 1\n" +
        "vllm:request_generation_tokens_sum 10\nvllm:request_generation_tokens_count 1\n");
  });
  const Outcome seen = run("--sim decode --json --engine " + server.url().to_string());
  ASSERT_EQ(seen.code, 0) << seen.err;
  const json engine = json::parse(seen.out)["engine"];
  EXPECT_THAT(engine["no_useful_rung_because"].get<std::string>(), HasSubstr("home-made"));
  EXPECT_GT(engine["usd_per_million_tokens"]["value"], 0);
}

TEST(Engine, WrongOptionsAreTold) {
  const Outcome scheme = run("--sim decode --engine ftp://127.0.0.1");
  EXPECT_EQ(scheme.code, 2);
  EXPECT_THAT(scheme.err, HasSubstr("ftp://127.0.0.1"));
  EXPECT_EQ(run("--sim decode --engine http://127.0.0.1:1 --model nothing-like-it").code, 2);
}

}  // namespace
}  // namespace assay::test

// SPDX-License-Identifier: Apache-2.0
#include "assay/scrape/watch.hpp"

#include <gtest/gtest.h>

#include <string>

#include "assay/http/canned_server_test.hpp"

namespace assay::scrape {
namespace {

using http::CannedServer;

std::string trouble_with(const CannedServer& server) {
  auto watch = Watch::open(server.url().to_string());
  EXPECT_TRUE(watch.ok());
  watch->poll();
  const engine::Report report = watch->latest();
  EXPECT_FALSE(report.generation_tokens_per_second.usable());
  EXPECT_FALSE(report.running.usable());
  return report.trouble;
}

TEST(Watch, ReportsAnEngineThatAnswers) {
  const CannedServer server(
      CannedServer::ok("vllm:num_requests_running{model_name=\"m\"} 4\n"
                       "vllm:generation_tokens_total{model_name=\"m\"} 100\n",
                       "text/plain"));
  auto watch = Watch::open(server.url().to_string());
  ASSERT_TRUE(watch.ok());
  EXPECT_EQ(watch->latest().trouble, "it has not been asked yet");
  watch->poll();
  watch->poll();
  const engine::Report report = watch->latest();
  EXPECT_EQ(report.trouble, "");
  EXPECT_EQ(report.name, "vLLM");
  EXPECT_EQ(report.running.value(), 4);
  EXPECT_EQ(report.generation_tokens_per_second.value(), 0);
  EXPECT_GT(report.window.value(), 0);
}

TEST(Watch, SaysWhatIsWrongWithTheOthers) {
  EXPECT_NE(trouble_with(CannedServer(CannedServer::ok("<html>hello</html>"))).find("line 1"),
            std::string::npos);
  EXPECT_NE(
      trouble_with(CannedServer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")).find("404"),
      std::string::npos);
  EXPECT_NE(trouble_with(CannedServer("")), "");
  EXPECT_NE(trouble_with(CannedServer("\x01\x02garbage")), "");
  EXPECT_NE(trouble_with(CannedServer(CannedServer::ok("up 1\n"))).find("none of vLLM"),
            std::string::npos);
  EXPECT_NE(trouble_with(CannedServer(CannedServer::ok(std::string(std::size_t{20} << 20, 'a')))),
            "");
}

TEST(Watch, LeavesOneThatHangs) {
  const CannedServer server("", CannedServer::Manner::never_answer);
  EXPECT_NE(trouble_with(server), "");
}

TEST(Watch, LooksWhereTensorRtLlmHasThem) {
  CannedServer server(CannedServer::ok("[{\"json\":1}]"));
  EXPECT_NE(trouble_with(server), "");
  const auto asked = server.requests();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_TRUE(asked[0].starts_with("GET /metrics "));
  EXPECT_TRUE(asked[1].starts_with("GET /prometheus/metrics "));
}

TEST(Watch, TakesAUrlThatNamesItsPath) {
  CannedServer server(CannedServer::ok("up 1\n"));
  auto watch = Watch::open(server.url().to_string() + "own/path?x=1");
  ASSERT_TRUE(watch.ok());
  watch->poll();
  EXPECT_TRUE(server.requests().at(0).starts_with("GET /own/path?x=1 "));
  EXPECT_FALSE(Watch::open("ftp://x").ok());
}

TEST(Watch, PollsByItself) {
  CannedServer server(CannedServer::ok("vllm:num_requests_running 1\n"));
  auto watch = Watch::open(server.url().to_string());
  ASSERT_TRUE(watch.ok());
  watch->start(Seconds(0.01));
  while (server.requests().size() < 3) std::this_thread::yield();
  EXPECT_EQ(watch->latest().running.value(), 1);
}

}  // namespace
}  // namespace assay::scrape

// SPDX-License-Identifier: Apache-2.0
#include "assay/push/exporter.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "assay/http/canned_server_test.hpp"

namespace assay::push {
namespace {

using http::CannedServer;

Destination to(const CannedServer& server, Protocol protocol = Protocol::remote_write) {
  auto destination = Destination::parse(protocol, server.url().to_string(), "host", 0);
  EXPECT_TRUE(destination.ok());
  return *std::move(destination);
}

const Limits kQuick{.queued = 3,
                    .deadline = Seconds(2),
                    .first_wait = Seconds(0.01),
                    .longest_wait = Seconds(0.05)};

template <typename Holds>
Counters wait_for(const Exporter& exporter, const Holds& holds) {
  for (;;) {
    const Counters counters = exporter.counters();
    if (holds(counters)) return counters;
    std::this_thread::yield();
  }
}

TEST(Exporter, SendsWhatItIsOffered) {
  CannedServer server("HTTP/1.1 204 No Content\r\n\r\n");
  Exporter exporter(to(server), kQuick);
  exporter.offer("up 1\n", 1000);
  const Counters counters = wait_for(exporter, [](const Counters& c) { return c.sent == 1; });
  EXPECT_EQ(counters.last_error, "");
  const std::string request = server.requests().at(0);
  EXPECT_TRUE(request.starts_with("POST /api/v1/write HTTP/1.1"));
  for (const char* header : {"Content-Encoding: snappy", "Content-Type: application/x-protobuf",
                             "X-Prometheus-Remote-Write-Version: 0.1.0"})
    EXPECT_NE(request.find(header), std::string::npos) << header;
}

TEST(Exporter, SendsOtlpToItsUsualPath) {
  CannedServer server(CannedServer::ok("{}"));
  Exporter exporter(to(server, Protocol::otlp), kQuick);
  exporter.offer("up 1\n", 1000);
  wait_for(exporter, [](const Counters& c) { return c.sent == 1; });
  EXPECT_TRUE(server.requests().at(0).starts_with("POST /v1/metrics HTTP/1.1"));
}

TEST(Exporter, TriesAgainUntilTheOtherSideIsThere) {
  CannedServer server([](int before) {
    return before < 3 ? "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
                      : CannedServer::ok("");
  });
  Exporter exporter(to(server), kQuick);
  exporter.offer("up 1\n", 1000);
  const Counters counters = wait_for(exporter, [](const Counters& c) { return c.sent == 1; });
  EXPECT_EQ(counters.failures, 3U);
  EXPECT_EQ(counters.refused, 0U);
}

TEST(Exporter, DoesNotSendAgainWhatIsRefused) {
  CannedServer server("HTTP/1.1 400 Bad Request\r\nContent-Length: 12\r\n\r\nout of order");
  Exporter exporter(to(server), kQuick);
  exporter.offer("up 1\n", 1000);
  exporter.offer("this is no metric\n", 2000);
  const Counters counters = wait_for(exporter, [](const Counters& c) { return c.refused == 2; });
  EXPECT_EQ(counters.queued, 0U);
  EXPECT_EQ(server.requests().size(), 1U);
  EXPECT_NE(counters.last_error, "");
}

TEST(Exporter, DropsTheOldestAndCountsThem) {
  const CannedServer server("", CannedServer::Manner::never_answer);
  Exporter exporter(to(server), {.queued = 3, .deadline = Seconds(0.2)});
  for (int i = 0; i < 10; ++i) exporter.offer("up 1\n", i);
  const Counters counters = exporter.counters();
  EXPECT_EQ(counters.dropped, 7U);
  EXPECT_EQ(counters.queued, 3U);
}

TEST(Exporter, SendsTheRestBeforeItGoes) {
  CannedServer server(CannedServer::ok(""));
  {
    Exporter exporter(to(server), kQuick);
    for (int i = 0; i < 3; ++i) exporter.offer("up 1\n", i);
  }
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(Exporter, WantsAUrl) {
  EXPECT_FALSE(Destination::parse(Protocol::otlp, "nowhere", "host", 0).ok());
  const auto own = Destination::parse(Protocol::otlp, "http://h:1/own", "host", 0);
  EXPECT_EQ(own->url.target, "/own");
}

}  // namespace
}  // namespace assay::push

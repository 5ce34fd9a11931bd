// SPDX-License-Identifier: Apache-2.0
#include "assay/push/exporter.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>

#include "assay/http/canned_server_test.hpp"
#include "assay/push/remote_write.hpp"

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

// Text as a scrape is: much that is said again for each device, and figures that differ.
std::string scrape_text(int number) {
  std::mt19937 random(static_cast<unsigned>(number));
  std::string text;
  for (int device = 0; device < 200; ++device)
    text += "assay_sm_active_ratio{device=\"" + std::to_string(device) +
            "\",chip=\"h100-sxm5-80gb\",origin=\"simulation\"} " + std::to_string(random()) + "\n";
  return text;
}

TEST(Exporter, HoldsNoMoreBytesThanItMay) {
  const CannedServer server("", CannedServer::Manner::never_answer);
  const Bytes most = kib(32);
  Exporter exporter(to(server), {.queued = 1000, .queued_bytes = most, .deadline = Seconds(0.2)});
  double offered = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string text = scrape_text(i);
    offered += static_cast<double>(text.size());
    exporter.offer(text, i);
    ASSERT_LE(exporter.counters().queued_bytes, most);
  }
  const Counters counters = exporter.counters();
  EXPECT_GT(counters.queued, 1U);
  EXPECT_EQ(counters.queued + counters.dropped, 100U);
  // Compressed: of plain text the same room would hold far fewer.
  EXPECT_GT(static_cast<double>(counters.queued), 2 * most.value() / (offered / 100));
}

TEST(Exporter, KeepsTheNewestHoweverLongItIs) {
  const CannedServer server("", CannedServer::Manner::never_answer);
  Exporter exporter(to(server), {.queued_bytes = Bytes(10), .deadline = Seconds(0.2)});
  for (int i = 0; i < 3; ++i) exporter.offer(scrape_text(i), i);
  EXPECT_EQ(exporter.counters().queued, 1U);
  EXPECT_EQ(exporter.counters().dropped, 2U);
}

TEST(Exporter, SendsWhatItCompressedAsItWas) {
  CannedServer server(CannedServer::ok(""));
  Exporter exporter(to(server), kQuick);
  exporter.offer(scrape_text(1), 7000);
  wait_for(exporter, [](const Counters& c) { return c.sent == 1; });
  const std::string request = server.requests().at(0);
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  EXPECT_EQ(body, remote_write_body(*exposition::parse(scrape_text(1)), 7000,
                                    exporter.destination().target));
  EXPECT_EQ(exporter.counters().queued_bytes, Bytes(0));
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

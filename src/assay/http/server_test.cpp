// SPDX-License-Identifier: Apache-2.0
#include "assay/http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>

#include "assay/http/client.hpp"
#include "assay/http/fuzz_body.hpp"
#include "assay/http/random_bytes_test.hpp"
#include "assay/http/running_server_test.hpp"
#include "assay/http/self_signed_test.hpp"

namespace assay::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Answer echo(const Request& request) {
  return text_response(200, request.method + " " + request.path + "?" + request.query + " " +
                                std::string(header(request.headers, "x-a")) + " " + request.body);
}

SharedText text_of(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

TEST(Server, AnswersWithWhatTheHandlerSays) {
  RunningServer server(echo);
  const auto got = get(server.url().at("/a%20b", "c=d"), {.headers = {{"X-A", "7"}}});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "GET /a%20b?c=d 7 \n");
  EXPECT_EQ(post(server.url(), "body", "text/plain").value().body, "POST /?  body\n");
  EXPECT_TRUE(soon([&] { return server->counters().requests == 2; }));
}

TEST(Server, ManyRequestsOnOneConnectionEvenAtOnce) {
  RunningServer server(echo);
  RawClient client(server.url());
  client.say("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HT");
  client.say("TP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string heard = client.hear_all();
  EXPECT_THAT(heard, HasSubstr("GET /1?"));
  EXPECT_THAT(heard, HasSubstr("GET /2?"));
  EXPECT_THAT(heard, HasSubstr("GET /3?"));
  EXPECT_EQ(server->counters().connections, 1);
}

TEST(Server, AWholeUrlIsTakenAndItsHostCounts) {
  RunningServer server([](const Request& request) {
    return text_response(200, std::string(header(request.headers, "host")) + " " + request.path +
                                  "?" + request.query);
  });
  const auto heard = [&](const std::string& target) {
    RawClient client(server.url());
    client.say("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    return client.hear_all();
  };
  EXPECT_THAT(heard("http://b:80/healthz?c=http://d/"), HasSubstr("\nb:80 /healthz?c=http://d/\n"));
  EXPECT_THAT(heard("HTTPS://b?c"), HasSubstr("\nb /?c\n"));
  EXPECT_THAT(heard("http://user@b/x"), HasSubstr("\na http://user@b/x?\n"));
  EXPECT_THAT(heard("http:///x"), HasSubstr("\na http:///x?\n"));
  EXPECT_THAT(heard("/http://b/x"), HasSubstr("\na /http://b/x?\n"));
}

TEST(Server, HeadHasTheLengthButNoBody) {
  RunningServer server(echo);
  RawClient client(server.url());
  client.say("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string heard = client.hear_all();
  EXPECT_THAT(heard, HasSubstr("Content-Length: 11\r\n"));
  EXPECT_TRUE(heard.ends_with("\r\n\r\n")) << heard;
}

TEST(Server, BigAnswersComeWhole) {
  const std::string big(5'000'000, 'x');
  RunningServer server([&](const Request&) { return Response{200, big, {}}; });
  EXPECT_EQ(get(server.url()).value().body, big);
}

TEST(Server, MalformedRequestsGetTheirStatusAndAreCounted) {
  RunningServer server(echo, {.request = {.head_bytes = 1000, .body_bytes = 100}});
  const auto status = [&](const std::string& said) {
    RawClient client(server.url());
    client.say(said);
    return client.hear_all().substr(0, 12);
  };
  EXPECT_EQ(status("\x16\x03\x01\x02 this is TLS\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET / HTTP/1.1\r\nno colon\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET / HTTP/3.0\r\n\r\n"), "HTTP/1.1 505");
  EXPECT_EQ(status("GET /" + std::string(3000, 'a') + " HTTP/1.1\r\n\r\n"), "HTTP/1.1 431");
  EXPECT_EQ(status("GET / HTTP/1.1\r\nX: " + std::string(3000, 'a')), "HTTP/1.1 431");
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n"), "HTTP/1.1 413");
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_TRUE(soon([&] { return server->counters().malformed == 7; }));
  EXPECT_EQ(server->counters().requests, 0);
}

TEST(Server, ASlowRequestIsTurnedAway) {
  RunningServer server(echo, {.request_time = Seconds(0.05)});
  RawClient client(server.url());
  client.say("GET / HTTP/1.1\r\nHos");
  EXPECT_THAT(client.hear_all(), StartsWith("HTTP/1.1 408"));
  RawClient silent(server.url());
  EXPECT_EQ(silent.hear_all(), "");
  EXPECT_TRUE(soon([&] { return server->counters().connections_now == 0; }));
  EXPECT_EQ(server->counters().slow, 1);
}

TEST(Server, AClientThatDoesNotTakeItsAnswerIsClosed) {
  RunningServer server(
      [](const Request&) { return Response{200, std::string(20'000'000, 'x'), {}}; },
      {.write_time = Seconds(0.1)});
  RawClient client(server.url());
  client.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(soon([&] { return server->counters().slow == 1; }));
}

TEST(Server, ConnectionsHaveALimit) {
  RunningServer server(echo, {.connections = 2});
  RawClient a(server.url());
  RawClient b(server.url());
  EXPECT_TRUE(soon([&] { return server->counters().connections_now == 2; }));
  RawClient c(server.url());
  EXPECT_THAT(c.hear_all(), HasSubstr("HTTP/1.1 503 Service Unavailable\r\n"));
  a.say("GET /still HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(a.hear("still"), HasSubstr("still"));
  EXPECT_EQ(server->counters().refused_connections, 1);
}

TEST(Server, AnAnswerMayComeLater) {
  std::mutex mutex;
  std::vector<Ticket> tickets;
  RunningServer server([&](const Request& request) -> Answer {
    const std::lock_guard lock(mutex);
    tickets.push_back(request.ticket);
    return Later{};
  });
  const auto waiting = [&](std::size_t n) {
    return soon([&] {
      const std::lock_guard lock(mutex);
      return tickets.size() == n;
    });
  };
  RawClient first(server.url());
  first.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(waiting(1));
  RawClient second(server.url());
  second.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(waiting(2));
  server->answer(tickets[1], text_response(200, "to the second"));
  server->answer(tickets[1], text_response(200, "once only"));
  server->answer(tickets[0], text_response(200, "to the first"));
  server->answer(static_cast<Ticket>(4711), text_response(200, "to nobody"));
  EXPECT_THAT(first.hear("first"), HasSubstr("to the first"));
  const std::string heard = second.hear("second");
  EXPECT_THAT(heard, HasSubstr("to the second"));
  EXPECT_EQ(heard.find("once only"), std::string::npos);
}

TEST(Server, AnAnswerThatNeverComesEndsAsUnavailable) {
  RunningServer server([](const Request&) { return Later{}; }, {.answer_time = Seconds(0.05)});
  EXPECT_EQ(get(server.url()).value().status, 503);
}

TEST(Server, SubscribersHearEachText) {
  RunningServer server([](const Request&) -> Answer {
    return Subscription{{{"Content-Type", "text/event-stream"}}, text_of("first\n")};
  });
  RawClient a(server.url());
  RawClient b(server.url());
  for (RawClient* client : {&a, &b}) client->say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(soon([&] { return server->counters().subscribers_now == 2; }));
  server->publish(text_of("second\n"));
  server->publish(text_of("third\n"));
  for (RawClient* client : {&a, &b})
    EXPECT_TRUE(client->hear("third\n").ends_with("first\nsecond\nthird\n"));
}

TEST(Server, QuietSubscribersGetAHeartbeat) {
  RunningServer server([](const Request&) { return Subscription{}; }, {.heartbeat = Seconds(0.02)});
  RawClient client(server.url());
  client.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.hear(":\n\n:\n\n"), HasSubstr(":\n\n:\n\n"));
}

// Who never reads goes, and the others hear every text: one does not wait for the other.
TEST(Server, ALaggingSubscriberIsDroppedAndCounted) {
  RunningServer server([](const Request&) { return Subscription{}; }, {.backlog = 4});
  RawClient reads(server.url());
  RawClient never_reads(server.url());
  for (RawClient* client : {&reads, &never_reads}) client->say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(soon([&] { return server->counters().subscribers_now == 2; }));
  const SharedText big = text_of(std::string(1'000'000, 'x') + "\n");
  int published = 0;
  while (server->counters().subscribers_dropped == 0 && published < 100) {
    ++published;
    server->publish(big);
    server->publish(text_of("end " + std::to_string(published) + "\n"));
    ASSERT_THAT(reads.hear("end " + std::to_string(published) + "\n"), HasSubstr("end"));
  }
  EXPECT_EQ(server->counters().subscribers_dropped, 1);
  EXPECT_EQ(server->counters().subscribers_now, 1);
  EXPECT_LT(published, 20);
}

TEST(Server, StoppingLetsAnswersOutAndEndsSubscriptions) {
  RunningServer server([](const Request& request) -> Answer {
    if (request.path == "/events") return Subscription{};
    return Response{200, std::string(3'000'000, 'x'), {}};
  });
  RawClient events(server.url());
  events.say("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(soon([&] { return server->counters().subscribers_now == 1; }));
  RawClient big(server.url());
  big.say("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(soon([&] { return server->counters().requests == 2; }));
  std::thread stopper([&] { server.stop(); });
  EXPECT_GT(big.hear_all().size(), 3'000'000U);
  events.hear_all();
  stopper.join();
}

TEST(Server, APortIsTakenOnce) {
  RunningServer server(echo);
  const auto second = Server::listen(server->address(), nullptr, {}, echo);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another program listens there"));
}

class Folder {
 public:
  Folder() { CHECK(::mkdtemp(path_) != nullptr); }
  ~Folder() {
    for (const char* name : {"/c.pem", "/k.pem"}) ::unlink((path_ + std::string(name)).c_str());
    ::rmdir(path_);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + ("/" + name); }

 private:
  char path_[32] = "/tmp/assay-tls-XXXXXX";
};

TEST(Server, SpeaksTlsWithWhoTrustsIt) {
  const Folder folder;
  write_self_signed(folder.file("c.pem"), folder.file("k.pem"));
  const auto tls = TlsContext::server(folder.file("c.pem"), folder.file("k.pem"));
  ASSERT_TRUE(tls) << tls.error().message;
  const std::string big(1'000'000, 'x');
  RunningServer server([&](const Request& r) { return Response{r.encrypted ? 200 : 500, big, {}}; },
                       {}, *tls);
  const auto got = get(server.url(), {.ca_file = folder.file("c.pem")});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, big);

  const auto untrusted = get(server.url());
  ASSERT_FALSE(untrusted);
  EXPECT_THAT(untrusted.error().message, HasSubstr("certificate is not trusted"));
  Url plain = server.url();
  plain.tls = false;
  EXPECT_FALSE(get(plain));
  EXPECT_TRUE(soon([&] { return server->counters().malformed >= 1; }));
}

TEST(Server, AKeyThatOthersMayReadIsRefused) {
  const Folder folder;
  write_self_signed(folder.file("c.pem"), folder.file("k.pem"));
  ASSERT_EQ(::chmod(folder.file("k.pem").c_str(), 0640), 0);
  const auto tls = TlsContext::server(folder.file("c.pem"), folder.file("k.pem"));
  ASSERT_FALSE(tls);
  EXPECT_EQ(tls.error().code, ErrorCode::no_permission);
  EXPECT_THAT(tls.error().message, HasSubstr("chmod 600"));
  EXPECT_EQ(TlsContext::server(folder.file("c.pem"), folder.file("none")).error().code,
            ErrorCode::not_found);
}

// test/fuzz does the same for longer.
TEST(Parsers, NearlyRightBytesCrashNothing) {
  RandomBytes random(
      20261129, {"GET ", "POST ", "/a?b=c", " HTTP/1.1", "\r\n", "\r\n\r\n", "Host: a",
                 "Content-Length: 3", "Transfer-Encoding: chunked", "3\r\nabc\r\n", "0\r\n\r\n",
                 "HTTP/1.1 200 OK", "http://a:1/", "%41", "=", "&", "Connection: close", ": "});
  for (int i = 0; i < 1'000'000; ++i) parse_anything(random.next());
}

}  // namespace
}  // namespace assay::http

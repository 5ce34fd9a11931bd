// SPDX-License-Identifier: Apache-2.0
#include "assay/http/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/http/canned_server_test.hpp"

namespace assay::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Client, GetsAnAnswer) {
  CannedServer server(
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Thing: 7\r\nContent-Length: "
      "5\r\n\r\nhello");
  const auto response = get(server.url().at("/a", "b=c"), {.headers = {{"Authorization", "x"}}});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "hello");
  EXPECT_EQ(header(response->headers, "x-thing"), "7");
  ASSERT_EQ(server.requests().size(), 1U);
  const std::string request = server.requests()[0];
  EXPECT_THAT(request, StartsWith("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(request, HasSubstr("\r\nAuthorization: x\r\n"));
}

TEST(Client, PostsABody) {
  CannedServer server("HTTP/1.1 204 No Content\r\n\r\n");
  const std::string body(300'000, 'x');
  const auto response = post(server.url(), body, "application/x-protobuf");
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 204);
  const std::string request = server.requests()[0];
  EXPECT_THAT(request, HasSubstr("Content-Type: application/x-protobuf\r\n"));
  EXPECT_TRUE(request.ends_with("\r\n\r\n" + body));
}

TEST(Client, ReadsChunksAndWhatEndsWithTheConnection) {
  CannedServer chunked(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(get(chunked.url()).value().body, "abcde");
  CannedServer open_end("HTTP/1.0 200 OK\r\n\r\nall there is");
  EXPECT_EQ(get(open_end.url()).value().body, "all there is");
}

TEST(Client, ARedirectIsAnAnswer) {
  CannedServer server("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
  const Response response = get(server.url()).value();
  EXPECT_EQ(response.status, 302);
  const Status success = expect_success(server.url(), response);
  ASSERT_FALSE(success);
  EXPECT_THAT(success.error().message, HasSubstr("answered 302 Found"));
}

TEST(Client, GarbageAndBrokenAnswersAreErrors) {
  for (const char* answer : {"", "\x16\x03\x01 garbage \r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Len",
                             "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                             "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    CannedServer server(answer);
    const auto response = get(server.url());
    ASSERT_FALSE(response) << answer;
    EXPECT_EQ(response.error().code, ErrorCode::io);
    EXPECT_THAT(response.error().message, HasSubstr(server.url().server()));
  }
}

TEST(Client, AnAnswerHasALimit) {
  CannedServer server(CannedServer::ok(std::string(5000, 'x')));
  EXPECT_TRUE(get(server.url(), {.most_bytes = 5000}));
  const auto response = get(server.url(), {.most_bytes = 4999});
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("too long"));
}

TEST(Client, AServerThatHangsIsLeftAtTheDeadline) {
  CannedServer server("", CannedServer::Manner::never_answer);
  const auto response = get(server.url(), {.deadline = Seconds(0.05)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::timeout);
}

TEST(Client, NobodyListensThere) {
  Url url;
  {
    const CannedServer gone("");
    url = gone.url();
  }
  const auto response = get(url);
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("Connection refused"));
}

TEST(Client, AServerThatSpeaksNoTls) {
  CannedServer server("HTTP/1.1 400 Bad Request\r\n\r\n", CannedServer::Manner::answer_unasked);
  Url url = server.url();
  url.tls = true;
  const auto response = get(url, {.deadline = Seconds(2)});
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, StartsWith("https://127.0.0.1"));
}

TEST(Client, NoHeaderSmugglesAnother) {
  const Url url = Url::parse("http://127.0.0.1:1/").value();
  const auto response = get(url, {.headers = {{"A", "b\r\nC: d"}}});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace assay::http

// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/serve/scratch_folder_test.hpp"

namespace assay::serve {
namespace {

using testing::HasSubstr;

int status(const Guard& guard, http::Headers headers, std::string method = "GET") {
  http::Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  const auto refusal = guard.turn_away(request);
  return refusal ? refusal->status : 200;
}

TEST(Guard, OnLoopbackOnlyItsOwnNames) {
  const Guard guard{.names = {"gpu-box"}};
  for (const char* host : {"127.0.0.1:9400", "127.0.0.1", "localhost:9400", "LOCALHOST",
                           "[::1]:9400", "gpu-box:9400", "GPU-Box"})
    EXPECT_EQ(status(guard, {{"Host", host}}), 200) << host;
  for (const char* host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                           "gpu-box.evil.example:9400"})
    EXPECT_EQ(status(guard, {{"Host", host}}), 421) << host;
  EXPECT_EQ(status(guard, {}), 400);
  EXPECT_EQ(status({.loopback_only = false}, {{"Host", "any.example"}}), 200);
}

TEST(Guard, TheTokenAsBearerOrAsPassword) {
  const Guard guard{.token = "0123456789abcdef"};
  const http::Header host{"Host", "127.0.0.1"};
  EXPECT_EQ(status(guard, {host, {"Authorization", "Bearer 0123456789abcdef"}}), 200);
  // anyone:0123456789abcdef
  EXPECT_EQ(status(guard, {host, {"Authorization", "Basic YW55b25lOjAxMjM0NTY3ODlhYmNkZWY="}}),
            200);
  for (const char* same : {"Bearer   0123456789abcdef", "bearer 0123456789abcdef"})
    EXPECT_EQ(status(guard, {host, {"Authorization", same}}), 200) << same;
  EXPECT_EQ(status(guard, {host}), 401);
  for (const char* offered : {"", "Bearer ", "Bearer 0123456789abcdeF", "Bearer 0123456789abcde",
                              "Bearer 0123456789abcdef0", "Basic !!!", "Basic",
                              "Basic MDEyMzQ1Njc4OWFiY2RlZg==", "0123456789abcdef"})
    EXPECT_EQ(status(guard, {host, {"Authorization", offered}}), 401) << offered;
}

TEST(Guard, NothingCanBeChanged) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"})
    EXPECT_EQ(status({}, {{"Host", "localhost"}}, method), 405);
  EXPECT_EQ(status({}, {{"Host", "localhost"}}, "HEAD"), 200);
}

TEST(Guard, OneHostOnly) {
  EXPECT_EQ(status({}, {{"Host", "localhost"}, {"host", "localhost"}}), 400);
  EXPECT_EQ(status({}, {{"Host", "localhost"}, {"Host", "evil.example"}}), 400);
}

TEST(Guard, TheApiIsRefusedInJson) {
  const auto refusal = [](std::string path, std::string method, std::string host) {
    http::Request request;
    request.path = std::move(path);
    request.method = std::move(method);
    request.headers = {{"Host", std::move(host)}};
    return *Guard{.token = "0123456789abcdef"}.turn_away(request);
  };
  for (const auto& [host, status] : {std::pair("localhost", 401), std::pair("evil.example", 421)}) {
    const http::Response of_api = refusal("/api/v1/snapshot", "GET", host);
    EXPECT_EQ(of_api.status, status);
    EXPECT_THAT(of_api.body, testing::StartsWith("{\"error\":\""));
    EXPECT_EQ(http::header(of_api.headers, "content-type"), "application/json");
    EXPECT_THAT(refusal("/metrics", "GET", host).body, testing::Not(HasSubstr("error")));
  }
}

TEST(Guard, ComparesWithoutHaste) {
  EXPECT_TRUE(same_in_constant_time("", ""));
  EXPECT_TRUE(same_in_constant_time("abc", "abc"));
  EXPECT_FALSE(same_in_constant_time("abc", "abd"));
  EXPECT_FALSE(same_in_constant_time("abc", "xbc"));
  EXPECT_FALSE(same_in_constant_time("abc", "ab"));
}

TEST(Token, OnlyFromAPrivateFile) {
  ScratchFolder folder;
  const std::string token = "0123456789abcdef";
  EXPECT_EQ(read_token(folder.file("good", token + "\n", true)).value(), token);
  const auto open = read_token(folder.file("open", token));
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().code, ErrorCode::no_permission);
  EXPECT_THAT(open.error().message, HasSubstr("chmod 600"));
  EXPECT_FALSE(read_token(folder.file("short", "0123456789", true)));
  EXPECT_FALSE(read_token(folder.file("blank", "0123456789 abcdef", true)));
  EXPECT_FALSE(read_token(folder.file("empty", "", true)));
  EXPECT_EQ(read_token(folder.path() + "/none").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace assay::serve

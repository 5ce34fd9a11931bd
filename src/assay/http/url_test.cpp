// SPDX-License-Identifier: Apache-2.0
#include "assay/http/url.hpp"

#include <gtest/gtest.h>

namespace assay::http {
namespace {

TEST(Url, PartsOfAnUrl) {
  const Url url = Url::parse("https://node-7.example:9443/api/v1?query=up#top").value();
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "node-7.example");
  EXPECT_EQ(url.port, 9443);
  EXPECT_EQ(url.target, "/api/v1?query=up");
  EXPECT_EQ(url.authority(), "node-7.example:9443");
  EXPECT_EQ(url.to_string(), "https://node-7.example:9443/api/v1?query=up");
}

TEST(Url, PortAndPathHaveDefaults) {
  EXPECT_EQ(Url::parse("http://a").value().to_string(), "http://a/");
  EXPECT_EQ(Url::parse("http://a").value().port, 80);
  EXPECT_EQ(Url::parse("https://a").value().port, 443);
  EXPECT_EQ(Url::parse("https://a:443/x").value().to_string(), "https://a/x");
  EXPECT_EQ(Url::parse("http://a?q=1").value().target, "/?q=1");
}

TEST(Url, AddressesOfIpv6StandInBrackets) {
  const Url url = Url::parse("http://[::1]:9400/metrics").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.authority(), "[::1]:9400");
  EXPECT_FALSE(Url::parse("http://[::1/metrics"));
  EXPECT_FALSE(Url::parse("http://[::1]9400/"));
}

TEST(Url, RefusesWhatItCannotAsk) {
  for (const char* text : {"", "a:9090", "ftp://a", "http://", "http:///x", "http://a:0/",
                           "http://a:65536/", "http://a:9x/", "http://a:/", "http://u:p@a/",
                           "http://a/x y", "http://a/\r\nX: y", "http://\xc3\xa4/"}) {
    const auto url = Url::parse(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::invalid_argument);
  }
}

TEST(Url, PathsAreAppended) {
  const Url base = Url::parse("http://a:9090/prom/").value();
  EXPECT_EQ(base.at("/api/v1/query", "query=up").to_string(),
            "http://a:9090/prom/api/v1/query?query=up");
  EXPECT_EQ(Url::parse("http://a?x=1").value().at("/y").target, "/y");
}

}  // namespace
}  // namespace assay::http

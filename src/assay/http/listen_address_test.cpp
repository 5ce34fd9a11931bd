// SPDX-License-Identifier: Apache-2.0
#include "assay/http/listen_address.hpp"

#include <gtest/gtest.h>

namespace assay::http {
namespace {

TEST(ListenAddress, ReadsAddresses) {
  EXPECT_EQ(ListenAddress::parse("127.0.0.1:9400").value().to_string(), "127.0.0.1:9400");
  EXPECT_EQ(ListenAddress::parse("localhost:0").value().to_string(), "127.0.0.1:0");
  EXPECT_EQ(ListenAddress::parse("[::1]:80").value().to_string(), "[::1]:80");
  for (const char* text : {"", "9400", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "::1:80",
                           "[127.0.0.1]:80", "example.org:80", "127.0.0.1:70000", ":80"})
    EXPECT_FALSE(ListenAddress::parse(text)) << text;
}

TEST(ListenAddress, KnowsWhatOnlyThisMachineReaches) {
  EXPECT_TRUE(ListenAddress::parse("127.0.0.1:1").value().loopback());
  EXPECT_TRUE(ListenAddress::parse("[::1]:1").value().loopback());
  EXPECT_FALSE(ListenAddress::parse("0.0.0.0:1").value().loopback());
  EXPECT_FALSE(ListenAddress::parse("[::]:1").value().loopback());
  EXPECT_FALSE(ListenAddress::parse("[::ffff:127.0.0.1]:1").value().loopback());
  EXPECT_FALSE(ListenAddress::parse("10.0.0.1:1").value().loopback());
}

}  // namespace
}  // namespace assay::http

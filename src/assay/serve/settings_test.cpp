// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::serve {
namespace {

using testing::HasSubstr;

TEST(Settings, ReadsAFile) {
  const auto read = Settings::parse({"serve.toml", R"(
listen = "127.0.0.1:9500"
period = "500ms"
retain_bytes = "2GiB"
retain_age = "14d"
dcgm_names = true
engine = "http://127.0.0.1:8000"
remote_write = ["http://127.0.0.1:8428", "http://127.0.0.1:9090"]
push_period = "30s"
host = ["gpu-box", "gpu-box.lan"]
)"});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->listen, "127.0.0.1:9500");
  EXPECT_EQ(read->period, Seconds(0.5));
  EXPECT_EQ(read->retain_bytes, std::int64_t{2} << 30);
  EXPECT_EQ(read->retain_age, Seconds(14 * 86400.0));
  EXPECT_EQ(read->dcgm_names, true);
  EXPECT_EQ(read->engine, "http://127.0.0.1:8000");
  EXPECT_EQ(read->remote_write.size(), 2U);
  EXPECT_EQ(read->push_period, Seconds(30));
  EXPECT_EQ(read->hosts.size(), 2U);
  EXPECT_FALSE(read->store);
}

TEST(Settings, FlagsGoFirst) {
  Settings flags;
  flags.listen = "127.0.0.1:1";
  Settings file;
  file.listen = "127.0.0.1:2";
  file.store = "/var/lib/assay";
  const Settings all = flags.over(file);
  EXPECT_EQ(all.listen, "127.0.0.1:1");
  EXPECT_EQ(all.store, "/var/lib/assay");
}

TEST(Settings, MistakesHaveTheirLine) {
  const auto message = [](std::string_view text) {
    const auto read = Settings::parse({"serve.toml", text});
    return read ? "" : read.error().message;
  };
  EXPECT_THAT(message("\nretain_bytes = \"much\"\n"), HasSubstr("serve.toml:2: "));
  EXPECT_THAT(message("period = \"1\""), HasSubstr("period"));
  EXPECT_THAT(message("dcgm_names = \"yes\""), HasSubstr("true or false"));
  EXPECT_THAT(message("listem = \"127.0.0.1:1\""), HasSubstr("listem"));
  EXPECT_THAT(message("listen = 9400"), HasSubstr("listen"));
}

TEST(Bytes, ReadsSizes) {
  EXPECT_EQ(parse_bytes("1GB").value(), 1'000'000'000);
  EXPECT_EQ(parse_bytes("500MB").value(), 500'000'000);
  EXPECT_EQ(parse_bytes("1.5MiB").value(), 1'572'864);
  EXPECT_EQ(parse_bytes("4096").value(), 4096);
  for (const char* text : {"", "GB", "-1GB", "0", "1XB", "1 GB", "1e30", "nan", "inf"})
    EXPECT_FALSE(parse_bytes(text)) << text;
  EXPECT_EQ(parse_age("7d").value(), Seconds(7 * 86400.0));
  EXPECT_EQ(parse_age("36h").value(), Seconds(36 * 3600.0));
  for (const char* text : {"", "d", "-1d", "0d", "9999d", "7"})
    EXPECT_FALSE(parse_age(text)) << text;
}

TEST(Settings, WhatWaitsForARestart) {
  Settings running;
  running.listen = "127.0.0.1:9400";
  Settings fresh = running;
  fresh.hosts = {"gpu-box"};
  fresh.token_file = "token";
  EXPECT_TRUE(restart_keys(running, fresh).empty());
  fresh.period = Seconds(2);
  fresh.otlp = {"http://127.0.0.1:4318"};
  fresh.listen.reset();
  EXPECT_THAT(restart_keys(running, fresh), testing::ElementsAre("listen", "period", "otlp"));
}

}  // namespace
}  // namespace assay::serve

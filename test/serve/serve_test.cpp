// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "assay/http/running_server_test.hpp"
#include "assay/http/self_signed_test.hpp"
#include "assay/store/recording.hpp"
#include "serve/daemon_process.hpp"

namespace assay::test {
namespace {

using http::soon;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kAnyPort = "127.0.0.1:0";

class Serve : public testing::Test {
 protected:
  ~Serve() override { std::filesystem::remove_all(home_); }
  std::string write(const std::string& name, const std::string& text, int mode = 0644) const {
    const std::string path = home_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms(mode));
    return path;
  }
  [[nodiscard]] DaemonProcess::Options with(std::vector<std::string> arguments) const {
    return {std::move(arguments), home_};
  }
  // How it ends when it can't start.
  std::string refusal(std::vector<std::string> arguments, int expected_code) const {
    std::filesystem::remove(home_ + "/stderr");
    DaemonProcess daemon(with(std::move(arguments)));
    EXPECT_FALSE(daemon.listens());
    EXPECT_EQ(daemon.wait(), expected_code);
    return daemon.said();
  }

  std::string home_ = make_folder();
};

TEST_F(Serve, FromTheFirstWindowToTheLast) {
  const std::string store = home_ + "/store";
  DaemonProcess daemon(with({"--listen", kAnyPort, "--store", store, "--period", "200ms"}));
  ASSERT_TRUE(daemon.listens()) << daemon.said();
  const json snapshot = json::parse(daemon.snapshot());
  EXPECT_EQ(snapshot["schema"], "assay.snapshot/1");
  EXPECT_EQ(snapshot["origin"]["kind"], "simulation");
  EXPECT_EQ(snapshot["devices"].size(), 8U);
  const auto page = daemon.get("/");
  ASSERT_TRUE(page);
  EXPECT_THAT(page->body, HasSubstr("<html"));
  EXPECT_EQ(daemon.get("/healthz").value().body, "ok\n");
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait(), 0);
  EXPECT_EQ(daemon.said(), "");
  int recordings = 0;
  for (const auto& file : std::filesystem::directory_iterator(store)) {
    if (file.path().extension() != ".assay") continue;
    const auto recording = store::Recording::open(file.path());
    ASSERT_TRUE(recording);
    EXPECT_TRUE(recording->finished());
    EXPECT_GT(recording->window_count(), 0);
    ++recordings;
  }
  EXPECT_EQ(recordings, 1);
}

TEST_F(Serve, APortThatIsTaken) {
  http::RunningServer other([](const http::Request&) { return http::Response{}; });
  const std::string said = refusal({"--listen", other->address().to_string()}, 1);
  EXPECT_THAT(said, HasSubstr("can't listen on 127.0.0.1:"));
  EXPECT_THAT(said, HasSubstr("another program listens there"));
}

TEST_F(Serve, TwoDaemonsOnOneStore) {
  DaemonProcess first(with({"--listen", kAnyPort}));
  ASSERT_TRUE(first.listens());
  DaemonProcess second(with({"--listen", kAnyPort}));
  EXPECT_FALSE(second.listens());
  EXPECT_THAT(second.said(), HasSubstr("is another assay serve's (process "));
  EXPECT_NE(first.snapshot(), "");
}

TEST_F(Serve, OtherMachinesOnlyWithTokenAndTls) {
  http::write_self_signed(home_ + "/c.pem", home_ + "/k.pem");
  const std::string token = write("token", "0123456789abcdef\n", 0600);
  const std::vector<std::string> tls = {"--tls-cert", home_ + "/c.pem", "--tls-key",
                                        home_ + "/k.pem"};
  const auto with_more = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--listen", "0.0.0.0:0"});
    return more;
  };
  EXPECT_THAT(refusal(with_more({}), 2), HasSubstr("--token-file"));
  EXPECT_THAT(refusal(with_more({"--token-file", token}), 2), HasSubstr("--tls-cert"));
  EXPECT_THAT(refusal(with_more(tls), 2), HasSubstr("--token-file"));
  const std::string open = write("open", "0123456789abcdef", 0640);
  EXPECT_THAT(refusal({"--listen", kAnyPort, "--token-file", open}, 1), HasSubstr("chmod 600"));

  std::vector<std::string> all = with_more(tls);
  all.insert(all.end(), {"--token-file", token});
  DaemonProcess daemon(with(all));
  ASSERT_TRUE(daemon.listens()) << daemon.said();
  http::Url url = daemon.url("/healthz");
  EXPECT_TRUE(url.tls);
  url.host = "127.0.0.1";
  http::Options options{.ca_file = home_ + "/c.pem"};
  EXPECT_EQ(http::get(url, options).value().status, 401);
  options.headers = {{"Authorization", "Bearer 0123456789abcdef"}};
  EXPECT_EQ(http::get(url, options).value().status, 200);
  url.tls = false;
  EXPECT_FALSE(http::get(url, options));
}

TEST_F(Serve, HangUpReadsPricesAnewAndSurvivesAMistake) {
  const std::string path =
      write(".config/assay/config.toml", "[price]\ndefault_usd_per_hour = 3\n");
  DaemonProcess daemon(with({"--listen", kAnyPort, "--period", "100ms"}));
  ASSERT_TRUE(daemon.listens()) << daemon.said();
  const auto price = [&] {
    return json::parse(daemon.snapshot())["devices"][0]["cost"]["usd_per_hour"].get<double>();
  };
  EXPECT_EQ(price(), 3);
  std::ofstream(path) << "[price]\ndefault_usd_per_hour = 5\n";
  daemon.signal(SIGHUP);
  EXPECT_TRUE(soon([&] { return price() == 5; }));
  write(".config/assay/serve.toml", "retain_age = \"2d\"\ndcgm_names = true\nhost = [\"a\"]\n");
  daemon.signal(SIGHUP);
  EXPECT_TRUE(soon([&] {
    return daemon.said().find("; not retain_age, dcgm_names: restart for that") !=
           std::string::npos;
  })) << daemon.said();
  write(".config/assay/serve.toml", "listem = 1\n");
  daemon.signal(SIGHUP);
  EXPECT_TRUE(soon([&] { return daemon.said().find("not reloaded") != std::string::npos; }));
  EXPECT_EQ(price(), 5);
  daemon.signal(SIGINT);
  EXPECT_EQ(daemon.wait(), 0);
}

TEST_F(Serve, SettingsFromAFile) {
  const std::string config =
      write("serve.toml", "listen = \"127.0.0.1:0\"\nperiod = \"100ms\"\ndcgm_names = true\n");
  DaemonProcess daemon(with({"--config", config}));
  ASSERT_TRUE(daemon.listens()) << daemon.said();
  EXPECT_NE(daemon.snapshot(), "");
  EXPECT_THAT(daemon.get("/metrics").value().body, HasSubstr("DCGM_FI_PROF_SM_ACTIVE{gpu=\"0\""));
  EXPECT_THAT(refusal({"--config", home_ + "/none.toml"}, 1), HasSubstr("none.toml"));
}

// A store that fills up: told in a sentence and by /healthz, and all else goes on.
TEST_F(Serve, ADiskThatIsFull) {
  DaemonProcess daemon(with({"--listen", kAnyPort, "--period", "100ms"}));
  ASSERT_TRUE(daemon.listens()) << daemon.said();
  daemon.limit_files(300'000);
  ASSERT_TRUE(soon([&] { return daemon.get("/healthz").value().status == 503; })) << daemon.said();
  EXPECT_THAT(daemon.get("/healthz").value().body, HasSubstr(".assay"));
  EXPECT_THAT(daemon.said(), HasSubstr("serving goes on, history does not"));
  const std::string before = daemon.snapshot();
  EXPECT_TRUE(soon([&] { return daemon.snapshot() != before; }));
  EXPECT_THAT(daemon.get("/metrics").value().body, HasSubstr("assay_serve_store_failing 1\n"));
  EXPECT_EQ(daemon.get("/api/v1/series", "metric=ladder.sol&from=-10s").value().status, 200);
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait(), 0);
}

TEST_F(Serve, WhoAsksForFilesOfThisMachineGetsNone) {
  DaemonProcess daemon(with({"--listen", kAnyPort}));
  ASSERT_TRUE(daemon.listens()) << daemon.said();
  for (const char* path : {"/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
                           "/assay.js/../../etc/passwd", "/..%5c..%5cetc/passwd"})
    EXPECT_EQ(daemon.get(path).value().status, 404) << path;
  EXPECT_EQ(daemon.get("/api/v1/plan", "model=/etc/passwd&in=1&out=1").value().status, 404);
  const auto said = [&](const std::string& query) {
    return json::parse(daemon.get("/api/v1/plan", query).value().body)["error"].get<std::string>();
  };
  // In the words of the URL.
  const std::string model = "model=llama-3.1-70b";
  EXPECT_THAT(said(model), HasSubstr("in is missing: give the tokens of a prompt, e.g. in=1024"));
  EXPECT_THAT(said("model=xyzzyxyzzy"), HasSubstr("/api/v1/models"));
  EXPECT_THAT(said(model + "&in=1e99"), HasSubstr("in: \"1e99\" is out of range"));
  EXPECT_THAT(said(model + "&in=1e999"), HasSubstr("in: \"1e999\" is out of range"));
  EXPECT_THAT(said(model + "&in=many"), HasSubstr("in: \"many\" is no number"));
  http::RawClient client(daemon.url("/"));
  client.say("GET / HTTP/1.1\r\nHost: rebound.example\r\n\r\n");
  EXPECT_THAT(client.hear("\r\n\r\n"), HasSubstr("421 Misdirected Request"));
}

}  // namespace
}  // namespace assay::test

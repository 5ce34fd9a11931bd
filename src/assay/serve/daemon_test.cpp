// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/daemon.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <thread>

#include "assay/http/client.hpp"
#include "assay/http/running_server_test.hpp"
#include "assay/serve/gzip.hpp"
#include "assay/serve/scratch_folder_test.hpp"
#include "assay/serve/windows_test.hpp"
#include "assay/wire/snapshot_json.hpp"

namespace assay::serve {
namespace {

using http::RawClient;
using http::soon;
using testing::HasSubstr;
using testing::StartsWith;

// Hands out the windows that a test gives it.
class FakeMeter : public Meter {
 public:
  [[nodiscard]] std::vector<sample::DeviceFacts> devices() const override {
    return facts_of(window_at(0, 2, 0));
  }
  [[nodiscard]] sample::Origin origin() const override {
    return {sample::OriginKind::simulation, "test"};
  }
  std::optional<sample::Snapshot> next() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !windows_.empty() || woken_; });
    if (windows_.empty()) return std::nullopt;
    sample::Snapshot window = std::move(windows_.front());
    windows_.pop_front();
    ++taken_;
    return window;
  }
  std::vector<sample::Event> take_events() override {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
  }
  appraise::AppraisedSnapshot appraise(sample::Snapshot snapshot) override {
    return appraised(snapshot);
  }
  std::vector<sample::Owner> holders(const appraise::AppraisedSnapshot&) override { return {}; }
  void wake() override {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  void give(sample::Snapshot window, std::vector<sample::Event> events = {}) {
    const std::lock_guard lock(mutex_);
    windows_.push_back(std::move(window));
    for (sample::Event& event : events) events_.push_back(std::move(event));
    changed_.notify_all();
  }
  int taken() {
    const std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<sample::Snapshot> windows_;
  std::vector<sample::Event> events_;
  bool woken_ = false;
  int taken_ = 0;
};

class Running : public testing::Test {
 protected:
  void start(DaemonOptions options = {}) {
    options.keeper.folder = folder_.path();
    options.version = "1.2.3";
    auto meter = std::make_unique<FakeMeter>();
    meter_ = meter.get();
    Documents documents;
    documents.plan = [this](const http::Query&) -> Result<std::string> {
      std::unique_lock lock(mutex_);
      ++plans_;
      changed_.wait(lock, [&] { return !hold_; });
      return std::string("{}");
    };
    daemon_ =
        Daemon::start(std::move(options), std::move(meter), documents, [](const std::string&) {
        }).value();
    thread_ = std::thread([this] { daemon_->run(); });
  }
  ~Running() override {
    release_plans();
    daemon_->stop();
    thread_.join();
  }
  int plans_begun() {
    const std::lock_guard lock(mutex_);
    return plans_;
  }
  void release_plans() {
    const std::lock_guard lock(mutex_);
    hold_ = false;
    changed_.notify_all();
  }
  [[nodiscard]] http::Url url(std::string_view path, std::string_view query = {}) const {
    return http::Url{false, "127.0.0.1", daemon_->address().port, "/"}.at(path, query);
  }
  [[nodiscard]] http::Response get(std::string_view path, std::string_view query = {}) const {
    auto response = http::get(url(path, query), {.deadline = Seconds(20)});
    EXPECT_TRUE(response) << response.error().message;
    return *std::move(response);
  }
  void window(int second) {
    const int before = meter_->taken();
    meter_->give(window_at(second, 2, 0.5));
    ASSERT_TRUE(soon([&] { return meter_->taken() > before; }));
    const std::string at = wire::snapshot_json(appraised(window_at(second, 2, 0.5)));
    ASSERT_TRUE(soon([&] { return get("/api/v1/snapshot").body == at; }));
  }

  ScratchFolder folder_;
  FakeMeter* meter_ = nullptr;
  std::unique_ptr<Daemon> daemon_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool hold_ = false;
  int plans_ = 0;
};

TEST_F(Running, TheSnapshotIsTheVerbsOwn) {
  start();
  EXPECT_EQ(get("/api/v1/snapshot").status, 503);
  EXPECT_EQ(get("/metrics").status, 503);
  window(0);
  window(1);
  const http::Response response = get("/api/v1/snapshot");
  EXPECT_EQ(response.body, wire::snapshot_json(appraised(window_at(1, 2, 0.5))));
  EXPECT_EQ(http::header(response.headers, "content-type"), "application/json");
  EXPECT_THAT(http::header(response.headers, "content-security-policy"), HasSubstr("'self'"));
}

TEST_F(Running, SubscribersGetWindowsAndNotes) {
  start();
  window(0);
  RawClient client(url("/"));
  client.say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(client.hear("\n\n"), HasSubstr("text/event-stream"));
  ASSERT_TRUE(soon([&] { return daemon_->counters().subscribers_now == 1; }));
  meter_->give(window_at(1, 2, 0.5), {{{kStart}, 1, "xid", "Xid 79: \"fell off\""}});
  const std::string heard = client.hear("event: note");
  EXPECT_THAT(heard, HasSubstr("id: 1764400001000000000\nevent: snapshot\ndata: {\"schema\":"));
  EXPECT_THAT(client.hear("off"),
              HasSubstr("event: note\ndata: {\"at\":\"2025-11-29T07:06:40.000Z\","
                        "\"device\":1,\"kind\":\"xid\",\"text\":\"Xid 79: "
                        "\\\"fell off"));
}

TEST_F(Running, SeriesOfWhatWasJustMeasured) {
  start();
  for (int i = 0; i < 5; ++i) window(i);
  const auto body = get("/api/v1/series",
                        "metric=ladder.sm_active&device=0&from=1764399999&"
                        "to=1764400005&step=6")
                        .body;
  EXPECT_THAT(body, HasSubstr("\"count\":[5]"));
  EXPECT_EQ(get("/api/v1/series", "metric=nonsense").status, 400);
  EXPECT_EQ(get("/api/v1/series", "metric=power&device=9").status, 404);
}

// Nobody looked, so the store's are written later; the first who asks sees them all the same.
TEST_F(Running, TheFirstSeriesHaveWhatWaitedForTheDisk) {
  DaemonOptions options;
  options.keeper.commit_every = Seconds(3600);
  start(std::move(options));
  for (int i = 0; i < 5; ++i) window(i);
  window(20);  // by then the fifth is the store's
  const auto body =
      get("/api/v1/series", "metric=sm_active&device=0&from=1764399999&to=1764400005&step=6").body;
  EXPECT_THAT(body, HasSubstr("\"count\":[5]"));
}

TEST_F(Running, LongSeriesAreCompressedForWhoTakesThat) {
  start();
  window(0);
  const std::string query = "metric=ladder.sm_active&from=1764399000&to=1764400005&step=1";
  const auto plain = get("/api/v1/series", query);
  EXPECT_EQ(http::header(plain.headers, "content-encoding"), "");
  const auto zipped =
      http::get(url("/api/v1/series", query), {.headers = {{"Accept-Encoding", "br, gzip"}}});
  ASSERT_TRUE(zipped);
  EXPECT_EQ(http::header(zipped->headers, "content-encoding"), "gzip");
  EXPECT_EQ(http::header(zipped->headers, "content-type"), "application/json");
  EXPECT_EQ(zipped->body, gzip(plain.body, 1));
  EXPECT_LT(zipped->body.size(), plain.body.size() / 20);
  const auto brief = http::get(url("/api/v1/series", "metric=ladder.sm_active&from=-5s"),
                               {.headers = {{"Accept-Encoding", "gzip"}}});
  EXPECT_EQ(http::header(brief->headers, "content-encoding"), "");
}

TEST_F(Running, MetricsCountTheDaemonsOwn) {
  start({.host = "n1"});
  window(0);
  const std::string body = get("/metrics").body;
  EXPECT_THAT(body, HasSubstr("assay_build_info{version=\"1.2.3\"} 1\n"));
  EXPECT_THAT(body, HasSubstr("assay_serve_windows_total 1\n"));
  EXPECT_THAT(body, HasSubstr("node=\"n1\",origin=\"simulation\""));
}

TEST_F(Running, TidiesUpNowAndThen) {
  std::atomic<int> tidied = 0;
  start({.tidy = [&] { ++tidied; }});
  for (const int second : {0, 29, 31, 59}) window(second);
  EXPECT_TRUE(soon([&] { return tidied == 1; }));
  window(62);
  EXPECT_TRUE(soon([&] { return tidied == 2; }));
  // A clock that was set back is no reason to stop.
  window(1);
  EXPECT_TRUE(soon([&] { return tidied == 3; }));
}

TEST_F(Running, UnwellOnceWindowsStopComing) {
  start({.period = Seconds(0.01)});
  window(0);
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_TRUE(soon([&] { return get("/healthz").status == 503; }));
  EXPECT_THAT(get("/healthz").body, HasSubstr("no window for"));
}

TEST_F(Running, PlansComeOneAfterAnotherAndNotTooMany) {
  start();
  window(0);
  hold_ = true;
  std::vector<std::unique_ptr<RawClient>> clients;
  int waiting = 0;
  while (waiting < 20) {
    clients.push_back(std::make_unique<RawClient>(url("/")));
    clients.back()->say("GET /api/v1/plan HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ++waiting;
    ASSERT_TRUE(soon([&] { return daemon_->counters().requests > waiting; }));
    if (waiting > 1) continue;
    // The first one has left the queue before the others come.
    ASSERT_TRUE(soon([&] { return plans_begun() == 1; }));
  }
  EXPECT_THAT(clients.back()->hear("\r\n\r\n"), HasSubstr("503"));
  EXPECT_THAT(clients.back()->hear("Retry-After"), HasSubstr("Retry-After"));
  // Meanwhile all else answers.
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/api/v1/series", "metric=power&from=-5s").status, 200);
  release_plans();
  EXPECT_THAT(clients.front()->hear("{}"), StartsWith("HTTP/1.1 200"));
  EXPECT_LE(plans_begun(), 5);
}

// 64 subscribers of which 8 never read: every window is taken, the readers hear each, the others
// go and are counted.
TEST_F(Running, NoSubscriberHoldsUpTheMeter) {
  start();
  window(0);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 64; ++i) {
    clients.push_back(std::make_unique<RawClient>(url("/")));
    clients.back()->say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  ASSERT_TRUE(soon([&] { return daemon_->counters().subscribers_now == 64; }));
  int second = 1;
  for (; second < 1000 && daemon_->counters().subscribers_dropped < 8; ++second) {
    meter_->give(window_at(second, 2, 0.5));
    const std::string id = "id: " + std::to_string(kStart + second * kSecondNs);
    for (std::size_t i = 8; i < clients.size(); ++i) {
      ASSERT_THAT(clients[i]->hear(id), HasSubstr(id)) << i;
      clients[i]->forget();
    }
  }
  EXPECT_EQ(daemon_->counters().subscribers_dropped, 8);
  EXPECT_EQ(daemon_->counters().subscribers_now, 56);
  EXPECT_EQ(meter_->taken(), second);
}

TEST_F(Running, HostAndTokenAreAskedForBeforeAnything) {
  start({.guard = {.token = "0123456789abcdef"}});
  EXPECT_EQ(get("/api/v1/snapshot").status, 401);
  EXPECT_EQ(get("/").status, 401);
  const auto with =
      http::get(url("/healthz"), {.headers = {{"Authorization", "Bearer 0123456789abcdef"}}});
  EXPECT_EQ(with.value().status, 200);
  daemon_->reload({.token = "fedcba9876543210"}, nullptr);
  EXPECT_TRUE(soon([&] {
    return http::get(url("/healthz"), {.headers = {{"Authorization", "Bearer fedcba9876543210"}}})
               .value()
               .status == 200;
  }));
}

TEST_F(Running, PathsThatAreNone) {
  start();
  EXPECT_EQ(get("/nothing").status, 404);
  EXPECT_EQ(get("/%2e%2e/etc/passwd").status, 404);
  EXPECT_EQ(get("/%zz").status, 400);
  EXPECT_EQ(get("/api/v1/snapshot/").status, 404);
  EXPECT_EQ(get("/api/v1/series", "metric=%ff").status, 400);
}

}  // namespace
}  // namespace assay::serve

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "assay/http/client.hpp"
#include "assay/http/query.hpp"
#include "assay/push/exporter.hpp"
#include "fleet/asking.hpp"
#include "fleet/server_process.hpp"

namespace assay::test {
namespace {

using nlohmann::json;

void push(const std::string& url, const std::vector<std::pair<std::string, std::int64_t>>& texts) {
  const auto to = push::Destination::parse(push::Protocol::remote_write, url, "host-a", now_ms());
  ASSERT_TRUE(to.ok());
  push::Exporter exporter(*to, {.queued = 1000, .queued_bytes = gib(1)});
  for (const auto& [text, at] : texts) exporter.offer(text, at);
  for (int i = 0; i < 600 && exporter.counters().sent < texts.size(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(exporter.counters().sent, texts.size()) << exporter.counters().last_error;
  EXPECT_EQ(exporter.counters().refused, 0U) << exporter.counters().last_error;
}

// Two devices: one held and idle, one that works; a scrape each minute of the last eleven.
std::vector<std::pair<std::string, std::int64_t>> eleven_minutes() {
  std::string text = "# TYPE assay_device_info gauge\n";
  const auto device = [&](const char* uuid, const char* user, double idle) {
    const std::string labels = std::string("uuid=\"") + uuid + "\",node=\"n1\",user=\"" + user +
                               "\",chip=\"h100-sxm5-80gb\"";
    const auto add = [&](const std::string& name, const std::string& more, double value) {
      text += name + "{" + labels + more + "} " + std::to_string(value) + "\n";
    };
    add("assay_device_info", "", 1);
    add("assay_loss_ratio", ",loss=\"idle_held\"", idle);
    add("assay_loss_ratio", ",loss=\"engaged\"", 1 - idle);
    add("assay_cost_dollars_per_hour", "", 3);
    add("assay_sm_active_ratio", "", 1 - idle);
    add("assay_lost_at_least_dollars_per_hour", "", 3 * idle);
    for (const char* rung : {"busy", "sm_active", "sol"})
      add("assay_rung_ratio", std::string(",rung=\"") + rung + "\"", 1 - idle);
    add("assay_device_present", "", 1);
    add("assay_memory_used_bytes", "", 20e9);
    add("assay_memory_total_bytes", "", 80e9);
    add("assay_finding",
        std::string(",rank=\"1\",cause=\"") + (idle > 0.5 ? "held-idle" : "healthy") + "\"", 0.9);
  };
  device("GPU-a", "ann", 1.0);
  device("GPU-b", "bob", 0.25);
  std::vector<std::pair<std::string, std::int64_t>> scrapes;
  const std::int64_t now = now_ms();
  for (int minute = 10; minute >= 0; --minute)
    scrapes.emplace_back(text, now - minute * 60'000 - 500);
  return scrapes;
}

void expect_two_devices(const ServerProcess& server, const std::string& path) {
  const std::string url = server.url() + path;
  const Ran seen = assay("fleet --json --placement --window 10m --by user --url " + url);
  ASSERT_EQ(seen.code, 0) << seen.out;
  const json report = json::parse(seen.out);
  EXPECT_EQ(report["names"], "assay");
  EXPECT_NEAR(report["total"]["gpu_hours"], 2 / 6.0, 1e-6);
  EXPECT_NEAR(report["total"]["cost_usd"], 1, 1e-6);
  EXPECT_NEAR(report["total"]["lost_usd"], 0.625, 1e-6);
  EXPECT_EQ(report["holders"][0]["key"], "ann");
  EXPECT_NEAR(report["holders"][0]["lost_usd"], 0.5, 1e-6);
  EXPECT_NEAR(report["holders"][1]["parts"]["idle_held"]["gpu_hours"], 0.25 / 6, 1e-6);
  ASSERT_EQ(report["what_if"].size(), 1U);
  EXPECT_EQ(report["what_if"][0]["loss"], "idle_held");
  EXPECT_NEAR(report["what_if"][0]["usd_per_day"], 72, 1e-6);
  if (report["no_placement_because"].is_null()) {
    EXPECT_EQ(report["placement"][0]["devices"], 2);
    EXPECT_EQ(report["placement"][0]["needed"], 1);  // ann's takes memory, but no time
  } else {
    EXPECT_NE(report["no_placement_because"].get<std::string>().find("coinor-libcbc3"),
              std::string::npos);
  }
  const Ran causes = assay("fleet --json --window 10m --by cause --url " + url);
  ASSERT_EQ(causes.code, 0) << causes.out;
  const json by_cause = json::parse(causes.out);
  const json& cause = by_cause["holders"][0];
  EXPECT_EQ(cause["key"], "held-idle");
  EXPECT_NEAR(cause["gpu_hours"], 1 / 6.0, 1e-6);
  EXPECT_NEAR(cause["lost_usd"], 0.5, 0.06);  // the first steps of the subquery may see nothing
  EXPECT_NEAR(cause["lost_gpu_hours"], 1 / 6.0, 0.02);
  EXPECT_NEAR(by_cause["total"]["lost_gpu_hours"], report["total"]["lost_gpu_hours"], 0.02);
  EXPECT_TRUE(cause["devices"].is_null());
  EXPECT_EQ(assay("fleet --window 10m --csv --url " + url).out.substr(0, 5), "node,");
}

// Each query of the dashboard is one, and those of devices find some.
void expect_dashboard_to_ask_well(const std::string& server) {
  std::ifstream in(ASSAY_SOURCE_DIR "/deploy/grafana/assay.json");
  const json dashboard = json::parse(in);
  ASSERT_GT(dashboard["panels"].size(), 8U);
  for (const json& panel : dashboard["panels"])
    for (const json& target : panel["targets"]) {
      std::string query = target["expr"];
      for (const std::string variable : {"$origin", "$chip", "$node"})
        for (std::size_t at = query.find(variable); at != std::string::npos;
             at = query.find(variable))
          query.replace(at, variable.size(), ".*");
      const auto answer =
          http::post(*http::Url::parse(server + "/api/v1/query"),
                     "query=" + http::percent_encode(query), "application/x-www-form-urlencoded");
      ASSERT_TRUE(answer.ok());
      EXPECT_EQ(answer->status, 200) << query << answer->body;
      const bool found = answer->body.find("\"value\"") != std::string::npos;
      EXPECT_EQ(found, query.find("assay_engine") == std::string::npos) << query << answer->body;
    }
}

TEST(Servers, RemoteWriteAndFleetWithPrometheus) {
  const auto server = prometheus();
  ASSERT_TRUE(server->ready()) << server->log();
  push(server->url(), eleven_minutes());
  expect_two_devices(*server, "");
  expect_dashboard_to_ask_well(server->url());
}

TEST(Servers, RemoteWriteAndFleetWithVictoriaMetrics) {
  const auto server = victoria_metrics();
  ASSERT_TRUE(server->ready()) << server->log();
  push(server->url(), eleven_minutes());
  const auto flush = http::Url::parse(server->url() + "/internal/force_flush");
  ASSERT_TRUE(http::get(*flush, {.deadline = Seconds(20)}).ok());
  expect_two_devices(*server, "");
  expect_two_devices(*server, "/prometheus");  // the API below a path, as the cluster has it
}

// Two nodes scraped at 15 s and at 60 s, one of them pushed too, and a device that is gone: four
// minutes in all of a window of an hour.
std::vector<std::pair<std::string, std::int64_t>> four_minutes() {
  const auto device = [](const std::string& node, const std::string& job) {
    const std::string labels = "{uuid=\"GPU-" + node + "\",device=\"0\",node=\"" + node +
                               "\",job=\"" + job + "\",instance=\"" + node +
                               "\",chip=\"h100-sxm5-80gb\"";
    return "assay_device_info" + labels + "} 1\nassay_loss_ratio" + labels +
           ",loss=\"idle_held\"} 1\nassay_cost_dollars_per_hour" + labels + "} 3\n";
  };
  std::vector<std::pair<std::string, std::int64_t>> scrapes;
  const std::int64_t now = now_ms();
  for (int quarter = 15; quarter >= 0; --quarter) {
    std::string text = device("quick", "assay");
    if (quarter % 4 == 0) text += device("slow", "assay") + device("quick", "pushed");
    scrapes.emplace_back(text, now - quarter * 15'000 - 500);
  }
  // It lived for two minutes, twenty minutes ago.
  for (int i = 7; i >= 0; --i)
    scrapes.insert(scrapes.end() - 16, {device("gone", "assay"), now - 1'200'000 - i * 15'000});
  return scrapes;
}

void expect_hours_that_were_seen(const std::string& url) {
  const Ran ran = assay("fleet --json --url " + url);
  ASSERT_EQ(ran.code, 0) << ran.out;
  const json report = json::parse(ran.out);
  EXPECT_EQ(report["total"]["devices"], 3);  // by uuid: five series
  EXPECT_NEAR(report["seen_s"], 240, 16);
  for (const json& holder : report["holders"]) {
    const double seconds = holder["gpu_hours"].get<double>() * 3600;
    // Within one interval: the newest sample may not be found yet.
    EXPECT_NEAR(seconds, holder["key"] == "gone" ? 120 : 240, holder["key"] == "slow" ? 61 : 16)
        << holder;
  }
  ASSERT_EQ(report["what_if"].size(), 1U);
  EXPECT_EQ(report["what_if"][0]["devices"], 2);  // not the one that is gone
  const Ran month = assay("fleet --window 30d --json --url " + url);
  ASSERT_EQ(month.code, 0) << month.out;
  EXPECT_NEAR(json::parse(month.out)["total"]["gpu_hours"], 600 / 3600.0, 0.025);
  EXPECT_NE(assay("fleet --url " + url).out.find("of this window"), std::string::npos);
}

TEST(Servers, HoursAreThoseThatWereSeen) {
  const auto asked = prometheus();
  ASSERT_TRUE(asked->ready()) << asked->log();
  push(asked->url(), four_minutes());
  expect_hours_that_were_seen(asked->url());
  const auto store = victoria_metrics();
  ASSERT_TRUE(store->ready()) << store->log();
  push(store->url(), four_minutes());
  ASSERT_TRUE(http::get(*http::Url::parse(store->url() + "/internal/force_flush"),
                        {.deadline = Seconds(20)})
                  .ok());
  expect_hours_that_were_seen(store->url());
}

TEST(Servers, FleetByDcgmsNames) {
  const auto server = prometheus();
  ASSERT_TRUE(server->ready()) << server->log();
  std::vector<std::pair<std::string, std::int64_t>> scrapes;
  const std::string labels =
      "{gpu=\"0\",UUID=\"GPU-a\",Hostname=\"n1\",modelName=\"NVIDIA H100 80GB HBM3\"} ";
  const std::string text = "DCGM_FI_DEV_GPU_UTIL" + labels + "100\nDCGM_FI_PROF_GR_ENGINE_ACTIVE" +
                           labels + "0.75\nDCGM_FI_PROF_SM_ACTIVE" + labels + "0.25\n";
  for (int minute = 10; minute >= 0; --minute)
    scrapes.emplace_back(text, now_ms() - minute * 60'000 - 500);
  push(server->url(), scrapes);
  const Ran seen = assay("fleet --json --window 10m --price 6 --url " + server->url());
  ASSERT_EQ(seen.code, 0) << seen.out;
  const json report = json::parse(seen.out);
  EXPECT_EQ(report["names"], "dcgm");
  const json& parts = report["holders"][0]["parts"];
  EXPECT_EQ(report["holders"][0]["key"], "n1");
  EXPECT_NEAR(parts["idle"]["gpu_hours"], 0.25 / 6, 1e-6);
  EXPECT_NEAR(parts["empty_sms"]["gpu_hours"], 0.5 / 6, 1e-6);
  EXPECT_NEAR(report["total"]["lost_usd"], 0.75, 1e-6);
  EXPECT_EQ(assay("fleet --window 10m --by cause --url " + server->url()).code, 1);
}

// The whole chain: the daemon with simulated devices and an OTLP receiver that is not there;
// Prometheus scrapes it by deploy/'s rules and tells Alertmanager; VictoriaMetrics gets it by
// remote write; assay fleet asks both.
std::string written(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  return path;
}

// Until it holds, for at most half a minute.
template <typename Holds>
bool within_patience(const Holds& holds) {
  for (int i = 0; i < 150; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return false;
}

std::string body_of(const std::string& url) {
  const auto response = http::get(*http::Url::parse(url), {.deadline = Seconds(5)});
  return response ? response->body : response.error().message;
}

TEST(Servers, FromTheDaemonToTheAlert) {
  const auto store = victoria_metrics();
  ASSERT_TRUE(store->ready()) << store->log();
  const ServerProcess daemon(
      ASSAY_BINARY,
      {"serve", "--sim", "fleet-8", "--listen", "127.0.0.1:{port}", "--store", "{folder}/store",
       "--remote-write", store->url(), "--otlp", "http://127.0.0.1:1", "--push-period", "500ms"},
      "/metrics");
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  const ServerProcess alertmanager(
      "prometheus-alertmanager",
      {"--config.file=" ASSAY_SOURCE_DIR "/deploy/prometheus/alertmanager.yml",
       "--storage.path={folder}/data", "--web.listen-address=127.0.0.1:{port}",
       "--cluster.listen-address="},
      "/-/ready", "../share/prometheus/alertmanager");
  ASSERT_TRUE(alertmanager.ready()) << alertmanager.log();
  const auto authority = [](const std::string& url) { return url.substr(7); };
  const std::string always =
      written(daemon.folder() + "/always.yml",
              "groups:\n- name: test\n  interval: 1s\n  rules:\n  - alert: AssayIsSeen\n    expr: "
              "assay_device_info{device=\"0\"}\n");
  const std::string config =
      written(daemon.folder() + "/prometheus.yml",
              "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
              "rule_files: [" ASSAY_SOURCE_DIR "/deploy/prometheus/*.rules.yml, " +
                  always +
                  "]\n"
                  "scrape_configs: [{job_name: assay, static_configs: [{targets: ['" +
                  authority(daemon.url()) +
                  "']}]}]\nalerting: {alertmanagers: [{static_configs: [{targets: ['" +
                  authority(alertmanager.url()) + "']}]}]}\n");
  const ServerProcess prometheus("prometheus",
                                 {"--config.file=" + config, "--storage.tsdb.path={folder}/data",
                                  "--web.listen-address=127.0.0.1:{port}"},
                                 "/-/ready");
  ASSERT_TRUE(prometheus.ready()) << prometheus.log();

  EXPECT_TRUE(within_patience([&] {
    return body_of(alertmanager.url() + "/api/v2/alerts").find("AssayIsSeen") != std::string::npos;
  })) << prometheus.log();
  EXPECT_TRUE(within_patience([&] {
    return body_of(prometheus.url() + "/api/v1/query?query=sum(assay:gpus:count)").find("\"8\"") !=
           std::string::npos;
  })) << body_of(prometheus.url() + "/api/v1/rules");
  const auto fleet_sees_eight = [](const std::string& url) {
    return within_patience([&] {
      const Ran seen = assay("fleet --json --window 1m --url " + url);
      if (seen.code != 0) return false;
      const json total = json::parse(seen.out)["total"];
      return total["devices"] == 8 && total["gpu_hours"] > 0 && !total["lost_usd"].is_null();
    });
  };
  EXPECT_TRUE(fleet_sees_eight(prometheus.url()));
  EXPECT_TRUE(fleet_sees_eight(store->url())) << daemon.log();
  const std::string metrics = body_of(daemon.url() + "/metrics");
  EXPECT_NE(metrics.find("assay_push_failures_total{protocol=\"OTLP\""), std::string::npos);
  EXPECT_NE(daemon.log().find("OTLP to http://127.0.0.1:1"), std::string::npos);
}

// Ten thousand devices of 1250 nodes, every five minutes for two hours, imported in bulk: a quarter
// each held idle, nearly empty, at work, and held by nobody. The figures follow from that.
constexpr int kDevices = 10'000;

class BulkImport {
 public:
  explicit BulkImport(const std::string& server)
      : url_(*http::Url::parse(server + "/api/v1/import")) {
    const std::int64_t end = now_ms() / 1000 * 1000;
    for (int i = 24; i >= 0; --i) times_ += std::to_string(end - i * 300'000) + (i > 0 ? "," : "");
  }
  void add(const char* name, const std::string& labels, double value) {
    std::string values;
    for (int i = 0; i < 25; ++i) values += std::to_string(value) + (i < 24 ? "," : "");
    body_ += std::string("{\"metric\":{\"__name__\":\"") + name + "\"," + labels +
             "},\"values\":[" + values + "],\"timestamps\":[" + times_ + "]}\n";
    if (body_.size() > (std::size_t{8} << 20)) send();
  }
  void send() {
    const auto sent = http::post(url_, body_, "application/json", {.deadline = Seconds(60)});
    ASSERT_TRUE(sent.ok() && sent->status == 204);
    body_.clear();
  }

 private:
  http::Url url_;
  std::string times_;
  std::string body_;
};

void import_fleet(const std::string& server) {
  BulkImport import(server);
  const char* losses[] = {"idle_held", "empty_sms", "engaged", "not_held"};
  for (int i = 0; i < kDevices; ++i) {
    const int kind = i % 4;
    const std::string labels = "\"uuid\":\"GPU-" + std::to_string(i) + "\",\"node\":\"node-" +
                               std::to_string(i / 8) + "\",\"user\":\"user" +
                               std::to_string(i % 37) + "\",\"chip\":\"h100-sxm5-80gb\"";
    import.add("assay_device_info", labels, 1);
    import.add("assay_cost_dollars_per_hour", labels, 2);
    for (int part = 0; part < 4; ++part)
      import.add("assay_loss_ratio", labels + ",\"loss\":\"" + losses[part] + "\"",
                 part == kind ? 1 : 0);
    import.add("assay_lost_at_least_dollars_per_hour", labels, kind == 2 ? 0 : 2);
    import.add("assay_rung_ratio", labels + ",\"rung\":\"busy\"", kind == 2 ? 0.3 : 0);
    import.add("assay_memory_used_bytes", labels, kind == 3 ? 0 : 20e9);
    import.add("assay_memory_total_bytes", labels, 80e9);
  }
  // Their load is known, but they themselves are gone: no room for anything.
  for (int i = 0; i < 100; ++i) {
    const std::string labels =
        "\"uuid\":\"GPU-gone-" + std::to_string(i) + "\",\"chip\":\"h100-sxm5-80gb\"";
    import.add("assay_rung_ratio", labels + ",\"rung\":\"busy\"", 0);
    import.add("assay_memory_used_bytes", labels, 0);
    import.add("assay_memory_total_bytes", labels, 80e9);
  }
  import.send();
  ASSERT_TRUE(
      http::get(*http::Url::parse(server + "/internal/force_flush"), {.deadline = Seconds(60)})
          .ok());
}

TEST(Servers, AFleetOfTenThousand) {
  const auto server = victoria_metrics();
  ASSERT_TRUE(server->ready()) << server->log();
  import_fleet(server->url());
  for (const std::string arguments : {"--by node", "--by user", "--by chip --placement"}) {
    const auto start = std::chrono::steady_clock::now();
    const Ran seen = assay("fleet --json " + arguments + " --url " + server->url());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("assay fleet %s: 10000 devices in %.2f s\n", arguments.c_str(), took.count());
    ASSERT_EQ(seen.code, 0) << seen.out;
    const json report = json::parse(seen.out);
    EXPECT_EQ(report["total"]["devices"], kDevices);
    EXPECT_NEAR(report["total"]["gpu_hours"], kDevices, 1e-3);
    EXPECT_NEAR(report["total"]["lost_gpu_hours"], kDevices * 0.75, 1e-3);
    EXPECT_NEAR(report["total"]["lost_usd"], kDevices * 1.5, 1e-2);
    EXPECT_EQ(report["holders"].size(), arguments == "--by node"   ? 1250U
                                        : arguments == "--by user" ? 37U
                                                                   : 1U);
    for (const json& what_if : report["what_if"]) EXPECT_EQ(what_if["devices"], 2500);
    EXPECT_EQ(report["what_if"].size(), 3U);
    if (report["placement"].empty()) continue;
    EXPECT_EQ(report["placement"][0]["devices"], kDevices);
    EXPECT_EQ(report["placement"][0]["idle"], 2500);
    // 20 of 76 GB: three tenants a device; those at work for 0.3 of 0.8 go with two that idle.
    EXPECT_EQ(report["placement"][0]["needed"], 2500);
  }
}

}  // namespace
}  // namespace assay::test

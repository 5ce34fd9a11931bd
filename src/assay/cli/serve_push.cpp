// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/serve_push.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "assay/cli/token_file.hpp"
#include "assay/cli/wall_clock.hpp"

namespace assay::cli {
namespace {

std::int64_t now_ms() { return wall_now().unix_ns / 1'000'000; }

}  // namespace

Result<std::unique_ptr<ServePush>> ServePush::open(const serve::Settings& settings,
                                                   const std::string& host) {
  TRY_ASSIGN(const std::string token, token_in(settings.push_token_file.value_or("")));
  std::unique_ptr<ServePush> all(new ServePush(settings.push_period.value_or(Seconds(15))));
  const auto add = [&](push::Protocol protocol, const std::string& url) -> Status {
    TRY_ASSIGN(push::Destination to, push::Destination::parse(protocol, url, host, now_ms()));
    if (!token.empty()) to.headers.push_back({"Authorization", "Bearer " + token});
    all->exporters_.push_back(std::make_unique<push::Exporter>(std::move(to)));
    return {};
  };
  for (const std::string& url : settings.remote_write) TRY(add(push::Protocol::remote_write, url));
  for (const std::string& url : settings.otlp) TRY(add(push::Protocol::otlp, url));
  all->failing_.assign(all->exporters_.size(), false);
  return all;
}

void ServePush::tell(const Say& say) {
  for (std::size_t i = 0; i < exporters_.size(); ++i) {
    const push::Counters counters = exporters_[i]->counters();
    const bool failing = !counters.last_error.empty();
    if (failing && !failing_[i]) say(counters.last_error);
    if (!failing && failing_[i] && counters.sent > 0)
      say(fmt::format("{} to {} goes on", to_string(exporters_[i]->destination().protocol),
                      exporters_[i]->destination().url.server()));
    failing_[i] = failing;
  }
}

void ServePush::start(std::function<std::string()> text, Say say) {
  thread_ = std::jthread(
      [this, text = std::move(text), say = std::move(say)](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any bell;
        const std::chrono::duration<double> period(period_.value());
        while (!stop.stop_requested()) {
          {
            std::unique_lock lock(mutex);
            bell.wait_for(lock, stop, period, [] { return false; });
          }
          if (stop.stop_requested()) return;
          const std::string metrics = text();
          if (metrics.empty()) continue;
          for (const auto& exporter : exporters_) exporter->offer(metrics, now_ms());
          tell(say);
        }
      });
}

void ServePush::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::string ServePush::metrics() const {
  if (exporters_.empty()) return "";
  struct Family {
    const char* name;
    const char* type;
    const char* help;
    double (*value)(const push::Counters&);
  };
  static constexpr Family kFamilies[] = {
      {"assay_push_sent_total", "counter", "Scrapes that the other side took.",
       [](const push::Counters& c) { return static_cast<double>(c.sent); }},
      {"assay_push_dropped_total", "counter", "Scrapes dropped for want of room.",
       [](const push::Counters& c) { return static_cast<double>(c.dropped); }},
      {"assay_push_refused_total", "counter", "Scrapes that the other side refused for good.",
       [](const push::Counters& c) { return static_cast<double>(c.refused); }},
      {"assay_push_failures_total", "counter", "Requests that failed and are made again.",
       [](const push::Counters& c) { return static_cast<double>(c.failures); }},
      {"assay_push_queue_bytes", "gauge", "Compressed scrapes that wait to be sent.",
       [](const push::Counters& c) { return c.queued_bytes.value(); }}};
  std::string out;
  for (const Family& family : kFamilies) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", family.name, family.help, family.type);
    for (const auto& exporter : exporters_) {
      const push::Destination& to = exporter->destination();
      out += fmt::format(
          "{} {}\n",
          exposition::to_text(family.name, {{"protocol", std::string(to_string(to.protocol))},
                                            {"server", to.url.server()}}),
          family.value(exporter->counters()));
    }
  }
  return out;
}

}  // namespace assay::cli

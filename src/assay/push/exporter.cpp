// SPDX-License-Identifier: Apache-2.0
#include "assay/push/exporter.hpp"

#include <fmt/format.h>
#include <snappy.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "assay/base/check.hpp"
#include "assay/http/client.hpp"
#include "assay/push/otlp.hpp"
#include "assay/push/remote_write.hpp"

namespace assay::push {
namespace {

using Clock = std::chrono::steady_clock;

struct Scraped {
  std::string packed;  // the text by snappy: a tenth of it, as most of it are names
  std::int64_t unix_ms = 0;
  std::uint64_t number = 0;  // what is at the front may have been dropped while it was sent
};

enum class Outcome { taken, refused, failed };

std::string packed(std::string_view text) {
  std::string out;
  snappy::Compress(text.data(), text.size(), &out);
  out.shrink_to_fit();  // it was made for the worst case
  return out;
}

Result<exposition::Scrape> unpack(const Scraped& scraped) {
  std::string text;
  CHECK(snappy::Uncompress(scraped.packed.data(), scraped.packed.size(), &text));
  return exposition::parse(text);
}

std::chrono::duration<double> duration(Seconds time) {
  return std::chrono::duration<double>(time.value());
}

}  // namespace

std::string_view to_string(Protocol protocol) {
  return protocol == Protocol::remote_write ? "remote write" : "OTLP";
}

Result<Destination> Destination::parse(Protocol protocol, std::string_view url, std::string host,
                                       std::int64_t start_unix_ms) {
  const bool prometheus = protocol == Protocol::remote_write;
  Destination out;
  out.protocol = protocol;
  out.start_unix_ms = start_unix_ms;
  TRY_ASSIGN(out.url, http::Url::parse(url));
  if (out.url.target == "/") out.url = out.url.at(prometheus ? "/api/v1/write" : "/v1/metrics");
  if (prometheus) out.target = {{"job", "assay"}, {"instance", std::move(host)}};
  else out.target = {{"service.name", "assay"}, {"host.name", std::move(host)}};
  return out;
}

struct Exporter::State {
  State(Destination to, Limits bounds) : destination(std::move(to)), limits(bounds) {}

  void run(const std::stop_token& stop);
  // Sends the oldest; what came of it is counted.
  Outcome send_one(const Scraped& scraped);
  std::optional<Scraped> oldest();
  void done_with(std::uint64_t number);
  void add(std::string packed, std::int64_t unix_ms);
  void forget_oldest();  // with the lock held
  Result<http::Response> post(const exposition::Scrape& scrape, std::int64_t unix_ms) const;

  const Destination destination;
  const Limits limits;
  mutable std::mutex mutex;  // guards what follows
  std::condition_variable_any bell;
  std::deque<Scraped> queue;
  Bytes queued_bytes{0};
  std::uint64_t offered = 0;
  Counters counters;
  std::jthread thread;  // last: it is joined before what it uses goes
};

Result<http::Response> Exporter::State::post(const exposition::Scrape& scrape,
                                             std::int64_t unix_ms) const {
  http::Options options{.deadline = limits.deadline,
                        .most_bytes = std::size_t{1} << 20,
                        .headers = destination.headers};
  if (destination.protocol == Protocol::otlp)
    return http::post(destination.url,
                      otlp_body(scrape, unix_ms, destination.start_unix_ms, destination.target),
                      "application/x-protobuf", options);
  options.headers.push_back({"Content-Encoding", "snappy"});
  options.headers.push_back({"X-Prometheus-Remote-Write-Version", "0.1.0"});
  return http::post(destination.url, remote_write_body(scrape, unix_ms, destination.target),
                    "application/x-protobuf", options);
}

Outcome Exporter::State::send_one(const Scraped& scraped) {
  const Result<exposition::Scrape> scrape = unpack(scraped);
  const auto response =
      scrape ? post(*scrape, scraped.unix_ms) : Result<http::Response>(scrape.error());
  const Status taken =
      response ? http::expect_success(destination.url, *response) : Status(response.error());
  // What the other side will never take, and what is no text, is not sent again.
  const bool for_good = !scrape || (response && response->status >= 400 && response->status < 500 &&
                                    response->status != 429);
  const std::lock_guard lock(mutex);
  counters.last_error = taken ? ""
                              : fmt::format("{} to {}: {}", to_string(destination.protocol),
                                            destination.url.server(), taken.error().message);
  if (taken) ++counters.sent;
  else ++(for_good ? counters.refused : counters.failures);
  return taken ? Outcome::taken : for_good ? Outcome::refused : Outcome::failed;
}

std::optional<Scraped> Exporter::State::oldest() {
  const std::lock_guard lock(mutex);
  return queue.empty() ? std::nullopt : std::optional(queue.front());
}

void Exporter::State::done_with(std::uint64_t number) {
  const std::lock_guard lock(mutex);
  if (!queue.empty() && queue.front().number == number) forget_oldest();
}

void Exporter::State::forget_oldest() {
  queued_bytes = queued_bytes - Bytes(static_cast<double>(queue.front().packed.size()));
  queue.pop_front();
}

void Exporter::State::add(std::string packed, std::int64_t unix_ms) {
  const Bytes more{static_cast<double>(packed.size())};
  const std::lock_guard lock(mutex);
  while (!queue.empty() &&
         (queue.size() >= limits.queued || queued_bytes + more > limits.queued_bytes)) {
    forget_oldest();
    ++counters.dropped;
  }
  queue.push_back({std::move(packed), unix_ms, offered++});
  queued_bytes = queued_bytes + more;
  bell.notify_all();
}

void Exporter::State::run(const std::stop_token& stop) {
  Seconds wait = limits.first_wait;
  std::optional<Clock::time_point> end;
  for (;;) {
    {
      std::unique_lock lock(mutex);
      bell.wait(lock, stop, [&] { return !queue.empty(); });
    }
    if (stop.stop_requested() && !end)
      end = Clock::now() + duration_cast<Clock::duration>(duration(limits.deadline));
    const std::optional<Scraped> scraped = oldest();
    if (!scraped || (end && Clock::now() > *end)) return;
    const Outcome outcome = send_one(*scraped);
    if (outcome != Outcome::failed) {
      done_with(scraped->number);
      wait = limits.first_wait;
      continue;
    }
    if (end) return;
    std::unique_lock lock(mutex);
    bell.wait_for(lock, stop, duration(wait), [] { return false; });
    wait = std::min(wait * 2.0, limits.longest_wait);
  }
}

Exporter::Exporter(Destination destination, Limits limits)
    : state_(std::make_unique<State>(std::move(destination), limits)) {
  State* state = state_.get();
  state->thread = std::jthread([state](const std::stop_token& stop) { state->run(stop); });
}

Exporter::~Exporter() = default;

void Exporter::offer(std::string_view text, std::int64_t unix_ms) {
  state_->add(packed(text), unix_ms);
}

Counters Exporter::counters() const {
  const std::lock_guard lock(state_->mutex);
  Counters counters = state_->counters;
  counters.queued = state_->queue.size();
  counters.queued_bytes = state_->queued_bytes;
  return counters;
}

const Destination& Exporter::destination() const { return state_->destination; }

}  // namespace assay::push

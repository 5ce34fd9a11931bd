// SPDX-License-Identifier: Apache-2.0
#include "assay/scrape/watch.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "assay/http/client.hpp"

namespace assay::scrape {

using engine::Observation;
using engine::Report;

struct Watch::State {
  explicit State(http::Url given) : url(std::move(given)) {
    if (url.target == "/")
      for (const char* path : {"/metrics", "/prometheus/metrics"}) places.push_back(url.at(path));
    else places.push_back(url);
    report = engine::without(url.to_string(), "it has not been asked yet");
  }

  void poll();
  Result<exposition::Scrape> ask();

  const http::Url url;
  std::vector<http::Url> places;  // where its metrics may be; once found, that alone
  std::mutex polling;             // one poll at a time
  std::optional<Observation> before;
  const engine::Dialect* dialect = nullptr;

  mutable std::mutex latest;  // guards `report` alone
  Report report;
  std::jthread thread;  // last: it is joined before what it uses goes
};

namespace {

Seconds now() {
  return Seconds(
      std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

Result<exposition::Scrape> scrape_at(const http::Url& url) {
  TRY_ASSIGN(const http::Response response, http::get(url, {.deadline = kDeadline}));
  TRY(http::expect_success(url, response));
  auto scrape = exposition::parse(response.body);
  if (!scrape)
    return scrape.error().within(
        fmt::format("{} does not answer with Prometheus' text", url.to_string()));
  return scrape;
}

}  // namespace

Result<exposition::Scrape> Watch::State::ask() {
  std::optional<Error> first;
  for (const http::Url& place : places) {
    auto scrape = scrape_at(place);
    if (scrape) {
      if (places.size() > 1) places = {http::Url(place)};
      return scrape;
    }
    if (!first) first = scrape.error();
    if (scrape.error().code == ErrorCode::timeout) break;  // it would only hang again
  }
  return *first;
}

void Watch::State::poll() {
  const std::lock_guard one(polling);
  auto scrape = ask();
  Report fresh;
  if (!scrape) {
    fresh = engine::without(url.to_string(), scrape.error().message);
  } else {
    const engine::Dialect* spoken = engine::recognize(*scrape, engine::dialects());
    if (spoken == nullptr) {
      fresh = engine::without(
          url.to_string(),
          fmt::format("{} serves metrics, but none of vLLM, SGLang, TGI, TensorRT-LLM or llama.cpp",
                      url.to_string()));
    } else {
      Observation observed{*std::move(scrape), now()};
      const bool same = before && dialect == spoken;
      fresh = engine::report(*spoken, same ? &*before : nullptr, observed);
      fresh.url = url.to_string();
      dialect = spoken;
      before = std::move(observed);
    }
  }
  const std::lock_guard lock(latest);
  report = std::move(fresh);
}

Result<Watch> Watch::open(std::string_view url) {
  TRY_ASSIGN(http::Url parsed, http::Url::parse(url));
  return Watch(std::make_unique<State>(std::move(parsed)));
}

void Watch::poll() { state_->poll(); }

void Watch::start(Seconds period) {
  state_->thread = std::jthread([state = state_.get(), period](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any bell;
    while (!stop.stop_requested()) {
      state->poll();
      std::unique_lock lock(mutex);
      bell.wait_for(lock, stop, std::chrono::duration<double>(period.value()),
                    [] { return false; });
    }
  });
}

Report Watch::latest() const {
  const std::lock_guard lock(state_->latest);
  return state_->report;
}

Watch::Watch(std::unique_ptr<State> state) : state_(std::move(state)) {}
Watch::~Watch() = default;
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;

}  // namespace assay::scrape

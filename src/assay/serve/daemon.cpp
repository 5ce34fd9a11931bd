// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/daemon.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>
#include <utility>

#include "assay/serve/event_text.hpp"
#include "assay/serve/gzip.hpp"
#include "assay/serve/history.hpp"
#include "assay/serve/latest.hpp"
#include "assay/serve/router.hpp"
#include "assay/serve/self_text.hpp"
#include "assay/serve/series_answer.hpp"
#include "assay/serve/time_text.hpp"
#include "assay/serve/worker.hpp"
#include "assay/wire/prometheus.hpp"

namespace assay::serve {
namespace {

constexpr std::size_t kStoreBacklog = 8;    // windows that may wait for the disk
constexpr std::size_t kSeriesBacklog = 16;  // requests that may wait
constexpr std::size_t kPlanBacklog = 4;
// Who asked for series of the store so lately looks at them still: they get each window at once.
constexpr std::int64_t kLooksForNs = 30'000'000'000;
// The first who asks after a while waits so long for what is not yet written, then takes what is.
constexpr std::chrono::seconds kCommitPatience{2};
constexpr std::size_t kWorthZipping = 4096;
constexpr std::int64_t kTidyEveryNs = 30'000'000'000;

}  // namespace

struct Daemon::Impl {
  DaemonOptions options;
  std::unique_ptr<Meter> meter;
  Documents documents;
  Say say;
  std::vector<sample::DeviceFacts> devices;
  sample::Origin origin;
  StaticFiles page;
  Guard guard;  // of the server's thread
  Router router;
  Latest latest;
  History history;
  std::unique_ptr<Keeper> keeper;
  std::unique_ptr<http::Server> server;
  std::atomic<bool> over{false};
  std::atomic<std::int64_t> windows{0};
  std::atomic<std::int64_t> unstored{0};  // windows that came while too many waited
  std::atomic<std::int64_t> series_asked_ns{0};
  std::int64_t tidied_ns = 0;  // of the meter's thread
  // Last, so that they end first: they use all of the above.
  Worker storing{kStoreBacklog};
  Worker reading{kSeriesBacklog};
  Worker planning{kPlanBacklog};

  Impl(DaemonOptions given, std::unique_ptr<Meter> a_meter, Documents some, Say a_say)
      : options(std::move(given)),
        meter(std::move(a_meter)),
        documents(std::move(some)),
        say(std::move(a_say)),
        devices(meter->devices()),
        origin(meter->origin()),
        page(options.page),
        guard(options.guard),
        history(devices.size()) {}

  // ---- the meter's thread -----------------------------------------------------------------------

  void measure() {
    while (!over) {
      std::optional<sample::Snapshot> snapshot = meter->next();
      if (snapshot) take(std::make_shared<const sample::Snapshot>(*std::move(snapshot)));
      for (const sample::Event& event : meter->take_events()) tell(event);
    }
  }

  void take(const std::shared_ptr<const sample::Snapshot>& snapshot) {
    appraise::AppraisedSnapshot appraised = meter->appraise(*snapshot);
    auto derived = std::make_shared<std::vector<DerivedValues>>();
    for (const appraise::Appraisal& device : appraised.devices)
      derived->push_back(derived_of(device));
    derived->resize(devices.size());
    history.add(snapshot->at.unix_ns, *derived);
    latest.set(std::move(appraised));
    ++windows;
    const bool watched = wall_now().unix_ns - series_asked_ns < kLooksForNs;
    const auto commit = watched ? Keeper::Commit::at_once : Keeper::Commit::in_time;
    if (!storing.post([=, this] { keeper->add(*snapshot, *derived, commit); })) ++unstored;
    if (server->counters().subscribers_now > 0) server->publish(latest.event());
    tidy_if_due(snapshot->at.unix_ns);
  }

  void tidy_if_due(std::int64_t now_ns) {
    if (tidied_ns == 0) tidied_ns = now_ns;
    if (!options.tidy || std::abs(now_ns - tidied_ns) < kTidyEveryNs) return;
    tidied_ns = now_ns;
    storing.post(options.tidy);
  }

  void tell(const sample::Event& event) {
    storing.post([this, event] { keeper->add(event); });
    server->publish(note_text(event));
  }

  // ---- the server's thread ----------------------------------------------------------------------

  http::Answer answer(const http::Request& request) {
    http::Answer answer = [&]() -> http::Answer {
      if (auto refusal = guard.turn_away(request)) return *std::move(refusal);
      return router.answer(request);
    }();
    if (auto* response = std::get_if<http::Response>(&answer)) add_security_headers(*response);
    return answer;
  }

  // On a worker; the answer comes later.
  http::Answer on(Worker& worker, const http::Request& request,
                  std::function<Result<std::string>()> make) {
    const bool posted = worker.post(
        [this, ticket = request.ticket, make = std::move(make), zip = takes_gzip(request)] {
          auto text = make();
          http::Response response =
              text ? json_response(*std::move(text)) : error_response(text.error());
          if (zip) shrink(response);
          add_security_headers(response);
          server->answer(ticket, std::move(response));
        });
    if (posted) return http::Later{};
    http::Response busy = error_response(503, "too many such requests at once; ask again later");
    busy.headers.push_back({"Retry-After", "5"});
    return busy;
  }

  // Of a worker: a day's series of eight devices is 400 KB, most of it alike.
  static void shrink(http::Response& response) {
    if (response.body.size() < kWorthZipping) return;
    response.body = gzip(response.body, 1);
    response.headers.push_back({"Content-Encoding", "gzip"});
    response.headers.push_back({"Vary", "Accept-Encoding"});
  }

  http::Answer snapshot() {
    const http::SharedText text = latest.json();
    if (!text)
      return error_response(503, "the first window is not over yet; ask again in a second");
    return json_response(*text);
  }

  // Ready when what waits is written; invalid where too much waits for the disk already.
  std::shared_future<void> commit_soon() {
    const auto done = std::make_shared<std::promise<void>>();
    std::shared_future<void> written = done->get_future().share();
    const bool posted = storing.post([this, done] {
      keeper->commit();
      done->set_value();
    });
    return posted ? written : std::shared_future<void>();
  }

  http::Answer series(const http::Request& request, const http::Query& query) {
    auto parsed = parse_series_request(query, wall_now(), options.period);
    if (!parsed) return error_response(parsed.error());
    const std::int64_t now_ns = wall_now().unix_ns;
    const bool first = now_ns - series_asked_ns.exchange(now_ns) >= kLooksForNs;
    // Longer steps hold several windows: jitter moves none of them out of sight.
    const auto newest = latest.snapshot();
    if (newest && static_cast<double>(parsed->grid.step_ns) < 2e9 * options.period.value())
      parsed->grid.centre_on(newest->at.unix_ns);
    const auto written = first ? commit_soon() : std::shared_future<void>();
    return on(reading, request, [this, written, asked = *std::move(parsed)] {
      if (written.valid()) written.wait_for(kCommitPatience);
      return series_answer(asked, {keeper->chunks(), &history, devices, origin});
    });
  }

  http::Answer events() {
    return http::Subscription{
        {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}}, latest.event()};
  }

  // Why the daemon is not well; empty: it is.
  std::string ailment() {
    const auto age = latest.age();
    const Seconds most = Seconds(3 * options.period.value() + 2);
    if (age && *age > most)
      return fmt::format("no window for {:.0f} s: the driver hangs; see its log", age->value());
    if (const auto trouble = keeper->trouble()) return *trouble;
    return "";
  }

  // From any thread; empty before the first window.
  std::string metrics_text() {
    const auto snapshot = latest.snapshot();
    if (!snapshot) return "";
    const std::vector<sample::Owner> holders = meter->holders(*snapshot);
    std::string text = wire::prometheus_text(
        *snapshot, {.node = options.host, .dcgm_names = options.dcgm_names, .holders = holders});
    text += self_text(snapshot->self, server->counters(),
                      {.version = options.version,
                       .windows = windows,
                       .unstored = unstored + keeper->unstored(),
                       .store_failing = keeper->trouble().has_value()});
    if (options.more_metrics) text += options.more_metrics();
    return text;
  }

  http::Answer metrics() {
    std::string text = metrics_text();
    if (text.empty()) return error_response(503, "the first window is not over yet");
    return http::Response{
        200, std::move(text), {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}};
  }

  http::Answer health() {
    const std::string why = ailment();
    return why.empty() ? http::text_response(200, "ok") : http::text_response(503, why);
  }

  void add_document(const std::string& path, Worker& worker, const Document& document) {
    if (!document) return;
    router.add({path, [this, &worker, &document](const auto& request, const auto& query) {
                  return on(worker, request, [&document, query] { return document(query); });
                }});
  }

  void add_routes() {
    router.add({"/api/v1/snapshot", [this](const auto&, const auto&) { return snapshot(); }});
    router.add({"/api/v1/series", [this](const auto& r, const auto& q) { return series(r, q); }});
    router.add({"/api/v1/events", [this](const auto&, const auto&) { return events(); }});
    add_document("/api/v1/plan", planning, documents.plan);
    add_document("/api/v1/compare", planning, documents.compare);
    add_document("/api/v1/models", reading, documents.models);
    add_document("/api/v1/catalog", reading, documents.catalog);
    add_document("/api/v1/claims", reading, documents.claims);
    router.add({"/metrics", [this](const auto&, const auto&) { return metrics(); }});
    router.add({"/healthz", [this](const auto&, const auto&) { return health(); }});
    router.otherwise([this](const http::Request& request, std::string_view path) -> http::Answer {
      if (auto file = page.find(path, request)) return *std::move(file);
      return error_response(404, "there is nothing at this path");
    });
  }
};

Daemon::Daemon(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Daemon::~Daemon() = default;

Result<std::unique_ptr<Daemon>> Daemon::start(DaemonOptions options, std::unique_ptr<Meter> meter,
                                              Documents documents, Say say) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(meter), std::move(documents),
                                     std::move(say));
  TRY_ASSIGN(impl->keeper, Keeper::open(impl->options.keeper, impl->options.provenance,
                                        impl->origin, impl->devices, impl->say));
  impl->add_routes();
  Impl* raw = impl.get();
  TRY_ASSIGN(impl->server,
             http::Server::listen(impl->options.listen, impl->options.tls, impl->options.limits,
                                  [raw](const http::Request& r) { return raw->answer(r); }));
  return std::unique_ptr<Daemon>(new Daemon(std::move(impl)));
}

const http::ListenAddress& Daemon::address() const { return impl_->server->address(); }

void Daemon::run() {
  std::thread measuring([this] { impl_->measure(); });
  impl_->server->run();
  impl_->over = true;
  impl_->meter->wake();
  measuring.join();
  impl_->storing.drain();
  impl_->keeper->finish();
}

void Daemon::stop() { impl_->server->stop(); }

void Daemon::reload(Guard guard, std::shared_ptr<const http::TlsContext> tls) {
  impl_->server->use_tls(std::move(tls));
  impl_->server->post([this, guard = std::move(guard)] { impl_->guard = guard; });
}

http::ServerCounters Daemon::counters() const { return impl_->server->counters(); }

std::string Daemon::metrics_text() const { return impl_->metrics_text(); }

std::vector<std::string> Daemon::paths() const { return impl_->router.paths(); }

}  // namespace assay::serve

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/cli/exit_code.hpp"
#include "assay/cli/footprint.hpp"
#include "assay/cli/host.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/paths.hpp"
#include "assay/cli/serve_documents.hpp"
#include "assay/cli/serve_meter.hpp"
#include "assay/cli/serve_options.hpp"
#include "assay/cli/serve_push.hpp"
#include "assay/cli/serve_signals.hpp"
#include "assay/cli/verb.hpp"
#include "assay/serve/daemon.hpp"

namespace assay::cli {
namespace {

std::string url_of(const serve::DaemonOptions& options, const http::ListenAddress& address) {
  return fmt::format("{}://{}/", options.tls ? "https" : "http", address.to_string());
}

// What SIGHUP reads anew: prices and chips, host names, token and certificate. A mistake in one of
// them leaves the old ones in place; other settings that changed are named, as they wait for the
// next start.
void reload(const ServeOptions& options, const serve::Settings& running, ServeMeter& meter,
            serve::Daemon& daemon) {
  const auto settings = serve_settings(options);
  auto fresh = settings ? daemon_options(*settings, options) : settings.error();
  const Status known = fresh ? meter.reload() : Status(fresh.error());
  if (!known) {
    complain("assay: not reloaded: " + known.error().message);
    return;
  }
  daemon.reload(fresh->guard, fresh->tls);
  std::string said = "assay: reloaded prices, chips, host names, token and certificate";
  if (const auto keys = serve::restart_keys(running, *settings); !keys.empty())
    said += fmt::format("; not {}: restart for that", fmt::join(keys, ", "));
  complain(said);
}

// What the engine says of itself stands beside each window from now on.
Status watch_engine(const ServeOptions& options, const std::optional<std::string>& url,
                    Seconds period, ServeMeter& meter) {
  DecodeOptions decode = options.decode;
  decode.engine_url = url.value_or("");
  if (!url && !decode.model.empty())
    return Error{ErrorCode::invalid_argument,
                 "--model names what a serving engine serves; give --engine URL too"};
  TRY_ASSIGN(std::optional<EngineWatch> engine, EngineWatch::open(decode, options.common));
  if (!engine) return {};
  engine->start(period);
  meter.watch(*std::move(engine));
  return {};
}

Status serve_all(const ServeOptions& options) {
  TRY_ASSIGN(const serve::Settings settings, serve_settings(options));
  TRY_ASSIGN(serve::DaemonOptions daemon_settings, daemon_options(settings, options));
  TRY_ASSIGN(std::unique_ptr<ServeMeter> meter,
             ServeMeter::open(options.common, daemon_settings.period));
  for (const std::string& warning : meter->warnings()) complain("assay: " + warning);
  ServeMeter& measured = *meter;
  TRY(watch_engine(options, settings.engine, daemon_settings.period, measured));
  TRY_ASSIGN(const std::unique_ptr<ServePush> push,
             ServePush::open(settings, daemon_settings.host));
  daemon_settings.more_metrics = [&push = *push] { return push.metrics(); };
  daemon_settings.tidy = give_back_unused_memory;
  const auto devices = measured.devices();
  if (!devices.empty()) daemon_settings.provenance.driver = devices[0].driver;
  TRY_ASSIGN(
      const std::unique_ptr<serve::Daemon> daemon,
      serve::Daemon::start(daemon_settings, std::move(meter), serve_documents(options.common),
                           [](const std::string& text) { complain("assay: " + text); }));
  print("{}\n", url_of(daemon_settings, daemon->address()));
  finish_output(kOk);  // whoever started it waits for this line
  give_back_unused_memory();
  if (!push->empty())
    push->start([&] { return daemon->metrics_text(); },
                [](const std::string& text) { complain("assay: " + text); });
  const ServeSignals signals([&] { reload(options, settings, measured, *daemon); },
                             [&] { daemon->stop(); });
  daemon->run();
  push->stop();  // it asks the daemon, which goes first
  return {};
}

int run(const ServeOptions& options) {
  hold_serve_signals();
  share_one_heap();
  const Status served = serve_all(options);
  return served ? kOk : fail(served.error());
}

Action define(CLI::App& app) {
  auto options = std::make_shared<ServeOptions>();
  add_serve_options(app, *options);
  return [options] { return run(*options); };
}

const VerbRegistration kServe{{.name = "serve",
                               .order = 27,
                               .help = "a daemon: web page, JSON, events and Prometheus metrics",
                               .example = "assay serve --sim fleet-8 --listen 127.0.0.1:9400",
                               .define = define}};

}  // namespace
}  // namespace assay::cli

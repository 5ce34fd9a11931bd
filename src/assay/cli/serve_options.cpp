// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/serve_options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "assay/cli/host.hpp"
#include "assay/cli/paths.hpp"
#include "assay/cli/version.hpp"
#include "assay/format/format.hpp"
#include "assay_cause_pages_embedded.hpp"
#include "assay_web_page_embedded.hpp"

namespace assay::cli {
namespace {

constexpr const char* kDefaultListen = "127.0.0.1:9400";

template <typename T, typename Parse>
void add_parsed(CLI::App& app, const std::string& flag, std::optional<T>& target,
                const Parse& parse, const std::string& type, const std::string& help) {
  app.add_option_function<std::string>(
         flag,
         [&target, parse](const std::string& text) {
           const auto parsed = parse(text);
           if (!parsed) throw CLI::ValidationError(parsed.error().message);
           target = *parsed;
         },
         help)
      ->type_name(type);
}

// A store holds what one machine measured; a simulated one has its own.
std::string default_store(const std::string& simulated) {
  const std::string state = state_dir();
  if (state.empty()) return "";
  std::string name = "serve";
  if (!simulated.empty()) name += "-sim-";
  for (const char c : simulated) name += c == '/' ? '-' : c;
  return state + "/" + name;
}

// The page, and beside it what it shows of the causes.
std::vector<serve::EmbeddedFile> page() {
  std::vector<serve::EmbeddedFile> files;
  for (const auto& file : web_page::embedded_files()) files.push_back({file.path, file.bytes});
  for (const auto& file : cause_pages::embedded_files()) files.push_back({file.path, file.bytes});
  return files;
}

Status protect(const serve::Settings& settings, serve::DaemonOptions& daemon) {
  daemon.guard.loopback_only = daemon.listen.loopback();
  daemon.guard.names = settings.hosts;
  if (settings.token_file) {
    TRY_ASSIGN(daemon.guard.token, serve::read_token(*settings.token_file));
  }
  if (settings.tls_cert.has_value() != settings.tls_key.has_value())
    return Error{ErrorCode::invalid_argument, "--tls-cert and --tls-key go together; give both"};
  if (settings.tls_cert) {
    TRY_ASSIGN(daemon.tls, http::TlsContext::server(*settings.tls_cert, *settings.tls_key));
  }
  if (daemon.listen.loopback() || (daemon.guard.token && daemon.tls)) return {};
  return Error{ErrorCode::invalid_argument,
               fmt::format("{} is reached from other machines: give --token-file, --tls-cert and "
                           "--tls-key, or listen on 127.0.0.1",
                           daemon.listen.to_string())};
}

}  // namespace

void add_serve_options(CLI::App& app, ServeOptions& options) {
  serve::Settings& flags = options.flags;
  add_sim_option(app, options.common);
  app.add_option("--listen", flags.listen, "address and port; 0: any free one [127.0.0.1:9400]")
      ->type_name("ADDRESS");
  app.add_option("--store", flags.store, "folder for the history [~/.local/state/assay/serve]")
      ->type_name("DIR");
  add_parsed(app, "--period", flags.period, format::parse_duration, "TIME",
             "length of a window, at least 100ms [1s]");
  add_parsed(app, "--retain-bytes", flags.retain_bytes, serve::parse_bytes, "SIZE",
             "the oldest history goes beyond this [1GB]");
  add_parsed(app, "--retain-age", flags.retain_age, serve::parse_age, "TIME",
             "history older than this goes [7d]");
  app.add_option("--token-file", flags.token_file, "who asks must know what stands in this file")
      ->type_name("FILE");
  app.add_option("--tls-cert", flags.tls_cert, "certificate chain, PEM")->type_name("FILE");
  app.add_option("--tls-key", flags.tls_key, "its key, PEM, readable by its owner alone")
      ->type_name("FILE");
  app.add_option("--host", flags.hosts, "a name of this server that browsers may use")
      ->type_name("NAME");
  app.add_flag_callback(
      "--dcgm-names", [&flags] { flags.dcgm_names = true; },
      "/metrics has the names of NVIDIA's DCGM exporter, too");
  add_engine_options(app, flags.engine, options.decode);
  app.add_option("--remote-write", flags.remote_write,
                 "send metrics on by Prometheus remote write, too")
      ->type_name("URL");
  app.add_option("--otlp", flags.otlp, "send metrics on by OTLP over HTTP, too")->type_name("URL");
  add_parsed(app, "--push-period", flags.push_period, format::parse_duration, "TIME",
             "how often to send [15s]");
  app.add_option("--push-token-file", flags.push_token_file,
                 "file with the bearer token for what is sent, readable by its owner alone")
      ->type_name("FILE");
  app.add_option("--config", options.config, "settings [~/.config/assay/serve.toml]")
      ->type_name("FILE");
  app.add_option("--data", options.common.data_dir, "folder with chips/*.toml to add or replace")
      ->type_name("DIR");
  app.add_option("--price", options.common.price_usd_per_hour,
                 "what an hour of one device costs, in $")
      ->type_name("USD")
      ->check(CLI::Range(0.0, 1e6));
}

Result<serve::Settings> serve_settings(const ServeOptions& options) {
  const bool named = !options.config.empty();
  const std::string path = named ? options.config : config_dir() + "/serve.toml";
  const auto text = read_file(path);
  if (!text && (named || text.error().code != ErrorCode::not_found)) return text.error();
  if (!text) return options.flags;
  TRY_ASSIGN(const serve::Settings file, serve::Settings::parse({path, *text}));
  return options.flags.over(file);
}

Result<serve::DaemonOptions> daemon_options(const serve::Settings& settings,
                                            const ServeOptions& options) {
  serve::DaemonOptions daemon;
  TRY_ASSIGN(daemon.listen, http::ListenAddress::parse(settings.listen.value_or(kDefaultListen)));
  TRY(protect(settings, daemon));
  daemon.period = settings.period.value_or(Seconds(1));
  daemon.dcgm_names = settings.dcgm_names.value_or(false);
  daemon.host = host_name();
  daemon.version = version_text();
  daemon.page = page();
  daemon.provenance = host_provenance();
  daemon.provenance.command = "assay serve";
  daemon.provenance.period = daemon.period;
  serve::KeeperOptions& keeper = daemon.keeper;
  keeper.folder = settings.store.value_or(default_store(options.common.simulated));
  if (keeper.folder.empty())
    return Error{ErrorCode::invalid_argument,
                 "there is no home folder to keep the history in; give --store DIR"};
  keeper.retain_bytes = settings.retain_bytes.value_or(keeper.retain_bytes);
  keeper.retain_age = settings.retain_age.value_or(keeper.retain_age);
  return daemon;
}

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/fleet_report.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/verb.hpp"
#include "assay/cli/wall_clock.hpp"

namespace assay::cli {
namespace {

struct Options {
  CommonOptions common;
  FleetServer::Options server;
  FleetQuestion question;
  std::string by = "node";
  std::size_t top = 20;
  bool csv = false;
};

// By catalog id or as NVML calls the board: --price, the user's config, then the catalog.
class Prices {
 public:
  static Result<Prices> load(const CommonOptions& common) {
    Prices prices;
    TRY_ASSIGN(catalog::Catalog catalog, catalog::embedded());
    TRY_ASSIGN(prices.catalog_, with_user_chips(std::move(catalog), common));
    TRY_ASSIGN(prices.config_, load_user_config());
    prices.flag_ = common.price();
    return prices;
  }
  [[nodiscard]] std::optional<double> of(std::string_view name) const {
    const catalog::Chip* chip = catalog_.match_nvml_name(name);
    if (chip == nullptr) chip = catalog_.find(name);
    const auto price = catalog::resolve_price(flag_, config_, "", chip);
    return price ? std::optional(price->per_hour.value()) : std::nullopt;
  }

 private:
  catalog::Catalog catalog_;
  catalog::UserConfig config_;
  std::optional<DollarsPerHour> flag_;
};

Status show(const Options& options) {
  if (options.csv && options.common.json)
    return Error{ErrorCode::invalid_argument, "give --json or --csv, not both"};
  if (options.question.window < Seconds(60))
    return Error{ErrorCode::invalid_argument,
                 "--window must be at least 1m: a server scrapes a few times a minute"};
  FleetQuestion question = options.question;
  question.by = *fleet::parse_by(options.by);
  TRY_ASSIGN(const FleetServer server, FleetServer::open(options.server));
  TRY_ASSIGN(const Prices prices, Prices::load(options.common));
  TRY_ASSIGN(const FleetReport report,
             fleet_report(server, question, wall_now(),
                          [&](std::string_view chip) { return prices.of(chip); }));
  for (const std::string& warning : report.warnings)
    complain("assay: the server warns: " + printable(warning));
  if (report.partial)
    complain(
        "assay: the answer is partial: some storage nodes did not answer, and the true figures are "
        "larger");
  if (options.csv) put(fleet_csv(report));
  else if (options.common.json) put(fleet_json(report) + "\n");
  else put(fleet_view(options.common.style(), report, options.top));
  return {};
}

int run(const Options& options) {
  const Status shown = show(options);
  return shown ? kOk : fail(shown.error());
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--url", options->server.url,
                 "Prometheus or VictoriaMetrics; of its cluster "
                 "http://HOST:8481/select/0/prometheus")
      ->type_name("URL")
      ->required();
  add_duration(app, "--window", options->question.window, "how far back to look [1h]");
  app.add_option("--by", options->by,
                 "whose share to tell: node, job, user, pod, chip, cause [node]")
      ->check(CLI::IsMember({"node", "job", "user", "pod", "chip", "cause"}))
      ->type_name("WHOM");
  app.add_option("--top", options->top, "lines to show [20]")->type_name("N");
  app.add_flag("--placement", options->question.placement,
               "also the fewest devices that would hold the present load, as advice");
  app.add_flag("--csv", options->csv, "a line for each holder, as CSV");
  app.add_option("--token-file", options->server.token_file,
                 "file with a bearer token, readable by you alone")
      ->type_name("FILE");
  app.add_option("--ca-file", options->server.ca_file, "certificates to trust, PEM")
      ->type_name("FILE");
  add_duration(app, "--timeout", options->server.deadline, "how long a query may take [30s]");
  add_common_options(app, options->common);
  return [options] { return run(*options); };
}

const VerbRegistration kFleet{
    {.name = "fleet",
     .order = 45,
     .help = "who holds and wastes how much across a fleet, from Prometheus",
     .example = "assay fleet --url http://prometheus:9090 --by user --window 24h",
     .define = define,
     .no_sim = "assay fleet asks a server about devices; let assay serve --sim feed it"}};

}  // namespace
}  // namespace assay::cli

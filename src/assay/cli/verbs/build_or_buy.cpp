// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/build_or_buy_view.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/money.hpp"
#include "assay/cli/named_chip.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/plan_inputs.hpp"
#include "assay/cli/planned.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Options {
  CommonOptions common;
  std::optional<Dollars> nre;
  std::optional<Dollars> saving;
  std::optional<Dollars> chip_cost;
  std::optional<Dollars> bought_price;
  std::optional<Dollars> per_kwh;
  std::optional<double> chip_power;
  std::optional<double> performance;
  std::optional<double> pue;
  std::optional<double> years;
  std::optional<double> utilization;
  std::optional<double> tokens_per_second;
  std::string against;
  std::string model;
};

Error usage(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

// Fills report.input with what was given or assumed, and says of each which.
class Inputs {
 public:
  explicit Inputs(BuildOrBuyReport& report) : report_(report) {}

  void note(std::string name, std::string value, std::string from) {
    report_.notes.push_back({std::move(name), std::move(value), std::move(from)});
  }
  void choose(double& target, const std::optional<double>& given, const char* name,
              const char* flag, std::string_view unit) {
    if (given) target = *given;
    note(name, fmt::format("{:.4g}{}", target, unit), given ? flag : "assumed");
  }

 private:
  BuildOrBuyReport& report_;
};

Status work_out(const Options& options, const catalog::Catalog& catalog, BuildOrBuyReport& report) {
  Inputs inputs(report);
  TRY_ASSIGN(const catalog::Chip* chip, named_chip(catalog, options.against));
  plan::WorkedOut from;
  from.chip_cost = *options.chip_cost;
  inputs.note("a chip of your own", money(from.chip_cost), "--chip-cost");
  if (options.bought_price) {
    from.bought_price = *options.bought_price;
    inputs.note(chip->id, money(from.bought_price), "--bought-price");
  } else if (chip->purchase) {
    const catalog::Source& source = chip->source_of(*chip->purchase);
    from.bought_price = *chip->purchase->middle();
    inputs.note(chip->id, money(from.bought_price),
                fmt::format("{}, {} ({})", source.title, source.date,
                            catalog::to_string(chip->purchase->confidence)));
  } else {
    return usage(
        fmt::format("the catalog has no purchase price of {}; give --bought-price", chip->id));
  }
  from.performance = options.performance.value_or(1);
  inputs.note("its work over the bought", fmt::format("{:.4g}x", from.performance),
              options.performance ? "--performance" : "assumed");
  if (options.chip_power) from.power = Watts(*options.chip_power);
  if (chip->tdp) from.bought_power = chip->tdp->value;
  inputs.note("power of your own",
              from.power ? fmt::format("{:.0f} W", from.power->value()) : "unknown",
              from.power ? "--chip-power" : "so is its electricity: give --chip-power");
  if (from.bought_power) {
    const catalog::Source& source = chip->source_of(*chip->tdp);
    inputs.note("power of the bought", fmt::format("{:.0f} W", from.bought_power->value()),
                fmt::format("TDP: {}, {}", source.title, source.date));
  } else {
    inputs.note("power of the bought", "unknown", "the catalog has no TDP of it");
  }
  if (from.power || from.bought_power) {
    plan::Electricity& electricity = report.input.electricity;
    if (options.per_kwh) electricity.per_kwh = *options.per_kwh;
    inputs.note("a kWh", money(electricity.per_kwh), options.per_kwh ? "--usd-per-kwh" : "assumed");
    inputs.choose(electricity.pue, options.pue, "PUE", "--pue", "");
  }
  report.input.saving = from;
  return {};
}

// Output tokens of one bought chip: as told, or as the planner expects of the model.
Status read_tokens(const Options& options, BuildOrBuyReport& report) {
  Inputs inputs(report);
  if (options.tokens_per_second) {
    report.input.tokens_per_second = options.tokens_per_second;
    inputs.note("tokens of a chip", fmt::format("{:.4g}/s", *options.tokens_per_second),
                "--tokens-per-second, while it works");
  } else if (!options.model.empty()) {
    TRY_ASSIGN(const model::Model model, named_model(options.model));
    TRY_ASSIGN(const PlanCatalog planner, PlanCatalog::load(options.common));
    TRY_ASSIGN(const Planned planned, planned_on(planner, model, options.against, ComparedLoad{}));
    report.input.tokens_per_second = planned.tokens_per_second / planned.chips;
    inputs.note("tokens of a chip", fmt::format("{:.4g}/s", *report.input.tokens_per_second),
                fmt::format("planner, {} on {} ({})", options.model, planned.configuration,
                            planned.provenance));
  }
  return {};
}

Status read_inputs(const Options& options, const catalog::Catalog& catalog,
                   BuildOrBuyReport& report) {
  Inputs inputs(report);
  report.input.nre = *options.nre;
  inputs.note("development (NRE)", money(*options.nre), "--nre");
  if (options.saving) {
    report.input.saving = plan::KnownSaving{*options.saving};
    inputs.note("saving per chip", money(*options.saving), "--saving-per-chip");
  } else {
    TRY(work_out(options, catalog, report));
  }
  plan::Duty& duty = report.input.duty;
  double busy = duty.utilization.as_percent();
  inputs.choose(duty.years, options.years, "life of a chip", "--years", " years");
  inputs.choose(busy, options.utilization, "utilization", "--utilization", " %");
  duty.utilization = Ratio::percent(busy);
  TRY(read_tokens(options, report));
  return plan::check(report.input);
}

Status check_flags(const Options& options) {
  if (!options.nre) return usage("build-or-buy needs --nre, what development costs, e.g. 100M");
  if (options.saving && options.chip_cost)
    return usage("give --saving-per-chip or --chip-cost, not both");
  if (options.saving && !options.against.empty() && options.model.empty())
    return usage("--against says nothing beside --saving-per-chip; give --model too, or leave it");
  if (!options.model.empty() && options.against.empty())
    return usage("--model needs --against CHIP, the chip that runs it today");
  if (!options.saving && (!options.chip_cost || options.against.empty()))
    return usage("build-or-buy needs --saving-per-chip, or --chip-cost with --against CHIP");
  return {};
}

Status show(const Options& options) {
  TRY(check_flags(options));
  TRY_ASSIGN(catalog::Catalog catalog, catalog::embedded());
  TRY_ASSIGN(catalog, with_user_chips(std::move(catalog), options.common));
  BuildOrBuyReport report;
  TRY(read_inputs(options, catalog, report));
  report.result = plan::break_even(report.input);
  report.sensitivity = plan::sensitivity(report.input);
  report.technologies = catalog::technologies(catalog);
  print("{}", options.common.json ? build_or_buy_json(report)
                                  : build_or_buy_text(options.common.style(), report));
  return {};
}

int run(const Options& options) {
  const Status shown = show(options);
  return shown ? kOk : fail(shown.error());
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_money(app, "--nre", options->nre, "what development costs once: 100M");
  add_money(app, "--saving-per-chip", options->saving, "what each chip saves over its life");
  add_money(app, "--chip-cost", options->chip_cost, "what one chip of your own costs to make");
  app.add_option("--against", options->against, "the chip that it replaces")->type_name("CHIP");
  add_money(app, "--bought-price", options->bought_price, "its price, in place of the catalog's");
  app.add_option("--chip-power", options->chip_power, "power of your own chip, in watts");
  app.add_option("--performance", options->performance, "work of your own over the bought one [1]");
  add_money(app, "--usd-per-kwh", options->per_kwh, "price of electricity [0.08]");
  app.add_option("--pue", options->pue, "power of the building over the computers' [1.25]");
  app.add_option("--years", options->years, "life of a chip [4]");
  app.add_option("--utilization", options->utilization, "of the time that it works, in % [50]");
  app.add_option("--tokens-per-second", options->tokens_per_second,
                 "output tokens of a bought chip while it works");
  app.add_option("--model", options->model, "the planner's tokens a second of this model instead")
      ->type_name("MODEL");
  add_common_options(app, options->common);
  return [options] { return run(*options); };
}

const VerbRegistration kBuildOrBuy{
    {.name = "build-or-buy",
     .order = 64,
     .help = "when a chip of your own pays, against bought ones",
     .example = "assay build-or-buy --nre 100M --saving-per-chip 1000",
     .define = define}};

}  // namespace
}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/held_out_view.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/own_runs_view.hpp"
#include "assay/cli/plan_check_view.hpp"
#include "assay/cli/plan_data.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Options {
  CommonOptions common;
  std::string file;
  std::string model_folder;
  std::string left_out;  // "", "model" or "system"
  std::string data;
  std::string own = "data/measured";
  std::string own_runs;
  std::string held_out;
  bool rows = false;
};

// The built-in fits on the rows of a file.
Result<calibrate::Report> check_file(const Options& options, const calibrate::Known& known,
                                     const roofline::Fits& fits,
                                     std::vector<calibrate::ServingRow>& rows) {
  TRY_ASSIGN(rows, read_serving_rows(options.file));
  return calibrate::judge(rows, *known.chips, known.models, fits);
}

Result<calibrate::Report> check_left_out(const Options& options, const calibrate::Known& known,
                                         const roofline::Fits& fits, MeasuredFolder& folder) {
  TRY_ASSIGN(folder, MeasuredFolder::load(options.data, options.own));
  TRY_ASSIGN(const roofline::Fits prior, roofline::Fits::prior());
  const auto by =
      options.left_out == "model" ? calibrate::LeftOut::model : calibrate::LeftOut::system;
  return calibrate::leave_one_out(folder.measured(), known, prior, fits, by);
}

int show_own_runs(const Options& options) {
  const auto shown = [&]() -> Result<std::string> {
    TRY_ASSIGN(const catalog::Catalog chips, catalog::embedded());
    TRY_ASSIGN(PlanModels models, PlanModels::load(options.model_folder));
    TRY_ASSIGN(const roofline::Fits fits, roofline::Fits::builtin());
    TRY_ASSIGN(const std::vector<calibrate::Table> tables, tables_in(options.own_runs));
    TRY_ASSIGN(const auto runs, calibrate::own_runs(tables, chips, models.source()));
    return options.common.json ? own_runs_json(runs, fits) : own_runs_table(runs, fits);
  }();
  if (!shown) return fail(shown.error());
  print("{}", *shown);
  return kOk;
}

int show_held_out(const Options& options) {
  const auto shown = [&]() -> Result<std::string> {
    TRY_ASSIGN(const catalog::Catalog chips, catalog::embedded());
    TRY_ASSIGN(PlanModels models, PlanModels::load(options.model_folder));
    TRY_ASSIGN(const roofline::Fits fits, roofline::Fits::builtin());
    const calibrate::Known known{&chips, models.source()};
    return options.common.json ? held_out_json(options.held_out, known, fits)
                               : held_out_table(options.held_out, known, fits);
  }();
  if (!shown) return fail(shown.error());
  print("{}", *shown);
  return kOk;
}

Status check_options(const Options& options) {
  const bool folder = options.own_runs.empty() != options.held_out.empty();
  if (folder && options.file.empty() && options.left_out.empty()) return {};
  const bool left_out = !options.left_out.empty();
  const bool neither = options.own_runs.empty() && options.held_out.empty();
  if (neither && left_out == options.file.empty() && left_out == !options.data.empty()) return {};
  return Error{
      ErrorCode::invalid_argument,
      "give one of: a FILE of measured runs, --leave-one-out with --data DIR, --own-runs DIR, "
      "--held-out DIR"};
}

int run(const Options& options) {
  if (const Status sound = check_options(options); !sound) {
    complain("assay: " + sound.error().message);
    return kUsage;
  }
  if (!options.own_runs.empty()) return show_own_runs(options);
  if (!options.held_out.empty()) return show_held_out(options);
  MeasuredFolder folder;  // rows and tables that the report refers to
  std::vector<calibrate::ServingRow> rows;
  const auto judge = [&]() -> Result<calibrate::Report> {
    TRY_ASSIGN(const catalog::Catalog chips, catalog::embedded());
    TRY_ASSIGN(PlanModels models, PlanModels::load(options.model_folder));
    TRY_ASSIGN(const roofline::Fits fits, roofline::Fits::builtin());
    const calibrate::Known known{&chips, models.source()};
    if (options.left_out.empty()) return check_file(options, known, fits, rows);
    return check_left_out(options, known, fits, folder);
  };
  const auto report = judge();
  if (!report) return fail(report.error());
  if (options.rows) print("{}", rows_csv(*report));
  else if (options.common.json) print("{}", check_json(*report));
  else print("{}\n{}", check_table(*report), refusals(*report));
  return kOk;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_json_flag(app, options->common);
  app.add_option("FILE", options->file, "CSV of measured runs (columns: docs/json.md)");
  app.add_option("--model-dir", options->model_folder,
                 "more models: DIR/<organization>/<name>/config.json")
      ->type_name("DIR");
  app.add_option("--leave-one-out", options->left_out,
                 "fit without each model (or system) in turn, and predict it")
      ->check(CLI::IsMember({"model", "system"}));
  app.add_option("--data", options->data, "gemm.csv, collectives.csv and serving_silicon.csv")
      ->type_name("DIR");
  app.add_option("--own", options->own,
                 "folder of our own runs, for --leave-one-out [data/measured]")
      ->type_name("DIR");
  app.add_option("--own-runs", options->own_runs,
                 "how far the curves are off on our own runs of whole steps (data/measured)")
      ->type_name("DIR");
  app.add_option("--held-out", options->held_out,
                 "how far times and watts are off on tables that no fit has seen: Vidur's, "
                 "Splitwise's, gemm.csv's watts")
      ->type_name("DIR");
  app.add_flag("--rows", options->rows, "each run's measured and predicted figures, as CSV");
  return [options] { return run(*options); };
}

const VerbRegistration kPlanCheck{{.name = "check",
                                   .order = 30,
                                   .help = "how far the planner is off on measured runs",
                                   .example = "assay plan check serving_silicon.csv --json",
                                   .define = define,
                                   .parent = "plan"}};

}  // namespace
}  // namespace assay::cli

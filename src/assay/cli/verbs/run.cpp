// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <memory>

#include "assay/cli/exit_code.hpp"
#include "assay/cli/job.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/run_json.hpp"
#include "assay/cli/run_view.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

// The report goes to stderr, as time's does: the command's own output stays what it is. As JSON it
// is one line on stdout, after whatever the command printed.
Style style_of_stderr(const CommonOptions& options) {
  Style style = detect_style(STDERR_FILENO);
  if (options.ascii) style.unicode = false;
  if (options.no_colour) style.colour = false;
  return style;
}

// FLOPs or tokens: more is a mistake in the unit.
constexpr double kMostWork = 1e30;

int run(const RunOptions& options) {
  if (options.command.empty())
    return fail({ErrorCode::invalid_argument,
                 "run needs a command: `assay run -- CMD ...`; see `assay run --help`"});
  const auto report = run_job(options);
  if (!report) return fail(report.error());
  exit_code_is_the_commands();
  if (report->not_started) fail(*report->not_started);
  else if (options.common.json) put(run_json(*report) + "\n");
  else complain(run_view(style_of_stderr(options.common), *report, options.top));
  return report->exit_code;
}

void add_work_options(CLI::App& app, RunOptions& options) {
  const CLI::Validator sane(
      [](const std::string& text) {
        const double number = std::strtod(text.c_str(), nullptr);
        return number >= 1 && number <= kMostWork ? "" : "a number of 1 or more";
      },
      "");
  app.add_option("--flops", options.flops, "floating-point operations that the job is worth")
      ->type_name("N")
      ->check(sane);
  app.add_option_function<std::string>(
         "--flops-dtype",
         [&options](const std::string& text) {
           for (int i = 0; i <= static_cast<int>(Dtype::int4); ++i)
             if (to_string(static_cast<Dtype>(i)) == text)
               options.flops_dtype = static_cast<Dtype>(i);
           if (!options.flops_dtype)
             throw CLI::ValidationError("--flops-dtype is bf16, fp16, fp8, tf32, ...");
         },
         "whose peak the operations are measured by [bf16]")
      ->type_name("TYPE");
  auto* tokens = app.add_option("--tokens", options.tokens, "tokens that the job makes")
                     ->type_name("N")
                     ->check(sane);
  app.add_option(
         "--tokens-from", options.tokens_from,
         "tokens are the sum of what this finds in the command's output: its first (group), "
         "POSIX extended; the command then writes into a pipe")
      ->type_name("REGEX")
      ->excludes(tokens);
}

Action define(CLI::App& app) {
  auto options = std::make_shared<RunOptions>();
  add_common_options(app, options->common);
  add_sim_option(app, options->common);
  add_duration(app, "--period", options->period, "length of a window, at least 100ms [1s]");
  app.add_flag("--no-trace", options->no_trace, "sample the devices only");
  app.add_flag("--no-scope", options->no_scope,
               "never take the device's counters for a look with the microscope");
  auto* whole = app.add_flag("--graph-level", options->graph_level,
                             "one record a CUDA graph, not one a node");
  app.add_flag("--sample", options->sample,
               "trace in bursts, a twentieth of the time, and estimate the rest")
      ->excludes(whole);
  app.add_option("--top", options->top, "kernels shown [20]")
      ->type_name("N")
      ->check([](const std::string& text) {
        return std::strtol(text.c_str(), nullptr, 10) >= 1 ? "" : "a number of 1 or more";
      });
  app.add_option("-o,--output", options->recording, "write a recording")->type_name("F.assay");
  app.add_flag("--force", options->force, "overwrite the files of -o and --trace if they exist");
  app.add_option("--trace", options->chrome_trace, "write each kernel as a Chrome / Perfetto trace")
      ->type_name("F.json");
  add_work_options(app, *options);
  add_decode_options(app, options->decode, false);
  app.add_option("CMD", options->command, "the command and its arguments");
  app.positionals_at_end();
  app.prefix_command(false);
  return [options] { return run(*options); };
}

const VerbRegistration kRun{{.name = "run",
                             .order = 15,
                             .help = "run CMD: its ladder, its kernels, what it cost",
                             .example = "assay run -- python train.py",
                             .define = define}};

}  // namespace
}  // namespace assay::cli

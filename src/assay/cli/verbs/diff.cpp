// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>

#include "assay/cli/builtin_recording.hpp"
#include "assay/cli/diff_report.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/replay.hpp"
#include "assay/cli/run_events.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Span {
  std::string prefix = "--";  // of its options
  std::string from;
  std::string to;
  [[nodiscard]] bool given() const { return !from.empty() || !to.empty(); }
};

struct Options {
  CommonOptions common;
  std::string a;
  std::string b;  // empty: another span of a
  Span of_a;
  Span of_b{.prefix = "--against-"};
  std::optional<int> device;
};

struct Side {
  DiffSide side;
  std::vector<KernelTotal> kernels;
  std::vector<std::string> warnings;
};

Result<Side> gather(const Options& options, const std::string& name, const Span& span) {
  TRY_ASSIGN(const RecordingFile file, RecordingFile::locate(name));
  TRY_ASSIGN(Replay replay, Replay::open(file.path(), file.name(), options.common));
  sample::WallTime from{std::numeric_limits<std::int64_t>::min()};
  sample::WallTime to{std::numeric_limits<std::int64_t>::max()};
  if (!span.from.empty()) {
    TRY_ASSIGN(from, replay.moment(span.prefix + "from", span.from));
  }
  if (!span.to.empty()) {
    TRY_ASSIGN(to, replay.moment(span.prefix + "to", span.to));
  }
  contrast::RunGatherer gatherer(options.device);
  Side out{.side = {.name = file.name(), .recorded = replay.recording().recorded_origin()}};
  TRY(replay.for_each(
      [&](const appraise::AppraisedSnapshot& snapshot) {
        if (out.side.from.unix_ns == 0) out.side.from = snapshot.at;
        out.side.to = snapshot.at;
        gatherer.add(snapshot);
        return true;
      },
      from, to));
  out.side.run = gatherer.run();
  if (out.side.run.windows == 0)
    return replay.no_window(options.device ? fmt::format(" of device {}", *options.device) : "");
  // A kernel's times are of the whole run: no part of it can be told apart.
  if (!span.given())
    if (const auto table = kernel_table_of(replay.recording().events()))
      out.kernels = kernels_of(*table);
  out.warnings = replay.warnings();
  return out;
}

int diff(const Options& options) {
  if (options.b.empty() && !options.of_a.given() && !options.of_b.given())
    return fail({ErrorCode::invalid_argument,
                 "one recording is not two runs: give a second one, or two spans of it with "
                 "--from, --to, --against-from and --against-to"});
  const auto a = gather(options, options.a, options.of_a);
  if (!a) return fail(a.error());
  const auto b = gather(options, options.b.empty() ? options.a : options.b, options.of_b);
  if (!b) return fail(b.error());
  DiffReport report{.a = a->side, .b = b->side};
  report.changes = contrast::contrast(report.a.run, report.b.run);
  report.kernels = kernel_pairs(a->kernels, b->kernels);
  put(options.common.json ? diff_json(report) + "\n" : diff_view(options.common.style(), report));
  for (const Side* side : {&*a, &*b})
    for (const std::string& warning : side->warnings) complain("assay: " + warning);
  return kOk;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_common_options(app, options->common);
  app.add_option("A", options->a, "a recording, or the name of a built-in one")->required();
  app.add_option("B", options->b, "the one to compare with it; none: another span of A");
  const std::string when = "seconds from the start (12.5s) or a time (2026-11-22T08:40:12Z)";
  app.add_option("--from", options->of_a.from, "A begins here: " + when)->type_name("TIME");
  app.add_option("--to", options->of_a.to, "A ends here")->type_name("TIME");
  app.add_option("--against-from", options->of_b.from, "B begins here")->type_name("TIME");
  app.add_option("--against-to", options->of_b.to, "B ends here")->type_name("TIME");
  app.add_option("--device", options->device, "compare this device alone, by its index")
      ->type_name("INDEX");
  return [options] { return diff(*options); };
}

const VerbRegistration kDiff{
    {.name = "diff",
     .order = 32,
     .help = "what changed between two runs, and what of it noise can't account for",
     .example = "assay diff before.assay after.assay",
     .define = define}};

}  // namespace
}  // namespace assay::cli

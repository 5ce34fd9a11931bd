// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <functional>
#include <memory>

#include "assay/cli/builtin_recording.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/output_file.hpp"
#include "assay/cli/reckon_options.hpp"
#include "assay/cli/replay.hpp"
#include "assay/cli/verb.hpp"
#include "assay/wire/counter_trace.hpp"
#include "assay/wire/csv.hpp"
#include "assay/wire/snapshot_json.hpp"

namespace assay::cli {
namespace {

using appraise::AppraisedSnapshot;

struct Options {
  CommonOptions common;
  std::string file;
  std::string format;
  std::string output;
  bool force = false;
  std::string from;
  std::string to;
};

// A format: what stands before the windows, what a window becomes, what stands after them.
struct Writer {
  std::string begin;
  std::function<std::string(const AppraisedSnapshot&)> window;
  std::function<std::string()> end;
};

Writer trace_writer(const Replay& replay, sample::WallTime from, sample::WallTime to) {
  auto trace = std::make_shared<wire::CounterTrace>();
  const store::Recording& recording = replay.recording();
  return {.begin = trace->begin({sample::OriginKind::recording, replay.name()},
                                recording.recorded_origin()),
          .window = [trace](const AppraisedSnapshot& window) { return trace->window(window); },
          .end =
              [trace, &recording, from, to] {
                std::string out;
                for (const sample::Event& event : recording.events())
                  if (event.at >= from && event.at <= to) out += trace->event(event);
                return out + wire::CounterTrace::end();
              }};
}

Writer writer_of(const std::string& format, const Replay& replay, sample::WallTime from,
                 sample::WallTime to) {
  if (format == "trace") return trace_writer(replay, from, to);
  const auto nothing = [] { return std::string(); };
  const sample::Origin* recorded = &replay.recording().recorded_origin();
  if (format == "csv")
    return {wire::csv_header(),
            [=](const AppraisedSnapshot& window) { return wire::csv_rows(window, recorded); },
            nothing};
  return {
      "",
      [=](const AppraisedSnapshot& window) { return wire::snapshot_json(window, recorded) + "\n"; },
      nothing};
}

Status write(const Options& options, Replay& replay) {
  sample::WallTime from = *replay.recording().first_time();
  sample::WallTime to = *replay.recording().last_time();
  if (!options.from.empty()) {
    TRY_ASSIGN(from, replay.moment("--from", options.from));
  }
  if (!options.to.empty()) {
    TRY_ASSIGN(to, replay.moment("--to", options.to));
  }
  if (!options.to.empty() && from > to)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("--from is {:g} s after --to: nothing lies between them",
                             static_cast<double>(from.unix_ns - to.unix_ns) * 1e-9)};
  bool any = false;
  TRY(replay.for_each(
      [&any](const AppraisedSnapshot&) {
        any = true;
        return false;
      },
      from, to));
  if (!any) return replay.no_window("");
  const Writer writer = writer_of(options.format, replay, from, to);
  TRY_ASSIGN(OutputFile out, OutputFile::open(options.output, options.force));
  out.write(writer.begin);
  TRY(replay.for_each(
      [&](const AppraisedSnapshot& window) {
        out.write(writer.window(window));
        return out.good();
      },
      from, to));
  out.write(writer.end());
  return out.close();
}

int export_recording(const Options& options) {
  auto file = RecordingFile::locate(options.file);
  if (!file) return fail(file.error());
  auto replay = Replay::open(file->path(), file->name(), options.common);
  if (!replay) return fail(replay.error());
  const Status written = write(options, *replay);
  for (const std::string& warning : replay->warnings()) complain("assay: " + warning);
  return written ? kOk : fail(written.error());
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "the recording, or the name of a built-in one (h100-lab)")
      ->required();
  app.add_option("--format", options->format,
                 "csv: a row a window and device; jsonl: assay.snapshot/1, a line a window; trace: "
                 "counters for ui.perfetto.dev")
      ->required()
      ->check(CLI::IsMember({"csv", "jsonl", "trace"}));
  app.add_option("-o,--output", options->output, "the file to write [stdout]")->type_name("FILE");
  app.add_flag("--force", options->force, "overwrite the file if it exists");
  app.add_option("--from", options->from,
                 "begin here: seconds from the start (12.5s) or a time (2026-11-22T08:40:12Z)")
      ->type_name("TIME");
  app.add_option("--to", options->to, "end here")->type_name("TIME");
  add_reckon_options(app, options->common);
  return [options] { return export_recording(*options); };
}

const VerbRegistration kExport{{.name = "export",
                                .order = 34,
                                .help = "a recording as CSV, JSON lines or a trace for Perfetto",
                                .example = "assay export h100-lab --format csv -o h100-lab.csv",
                                .define = define}};

}  // namespace
}  // namespace assay::cli

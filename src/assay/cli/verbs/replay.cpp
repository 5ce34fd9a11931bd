// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/cli/builtin_recording.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/replay.hpp"
#include "assay/cli/verb.hpp"
#include "assay/wire/snapshot_json.hpp"

namespace assay::cli {

using appraise::AppraisedSnapshot;
using wire::snapshot_json;

namespace {

struct Options {
  CommonOptions common;
  std::string file;
  std::string at;
};

int print_moment(const Options& options, Replay& replay) {
  const auto snapshot = replay.at(options.at);
  if (!snapshot) return fail(snapshot.error());
  print("{}", options.common.json
                  ? snapshot_json(*snapshot, &replay.recording().recorded_origin()) + "\n"
                  : replay.moment_view(options.common.style(), *snapshot));
  return kOk;
}

int print_lines(Replay& replay) {
  const sample::Origin& recorded = replay.recording().recorded_origin();
  const Status done = replay.for_each([&](const AppraisedSnapshot& snapshot) {
    print("{}\n", snapshot_json(snapshot, &recorded));
    return output_is_open();
  });
  return done ? kOk : fail(done.error());
}

int print_overview(const Options& options, Replay& replay) {
  const auto text = replay.overview(options.common.style());
  if (!text) return fail(text.error());
  print("{}", *text);
  return kOk;
}

int show(const Options& options, Replay& replay) {
  if (!options.at.empty()) return print_moment(options, replay);
  return options.common.json ? print_lines(replay) : print_overview(options, replay);
}

int replay(const Options& options) {
  auto file = RecordingFile::locate(options.file);
  if (!file) return fail(file.error());
  auto opened = Replay::open(file->path(), file->name(), options.common);
  if (!opened) return fail(opened.error());
  const int code = show(options, *opened);
  for (const std::string& warning : opened->warnings()) complain("assay: " + warning);
  return code;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_common_options(app, options->common);
  app.add_option("FILE", options->file, "the recording, or the name of a built-in one (h100-lab)")
      ->required();
  app.add_option(
         "--at", options->at,
         "one moment: seconds from the start (12.5s), a time "
         "(2026-11-22T08:40:12Z), a kernel of the lab (one-thread), or `run`: the whole job")
      ->check(CLI::Validator(
          [](const std::string& at) {
            return at.empty() ? std::string("no moment was given; 12.5s is one") : std::string();
          },
          ""));
  return [options] { return replay(*options); };
}

const VerbRegistration kReplay{{.name = "replay",
                                .order = 30,
                                .help = "show a recording as if it were live, stamped as one",
                                .example = "assay replay h100-lab --at one-thread",
                                .define = define}};

}  // namespace
}  // namespace assay::cli

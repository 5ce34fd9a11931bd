// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/cli/builtin_recording.hpp"
#include "assay/cli/diff_report.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/kernel_name.hpp"
#include "assay/cli/lab_moment.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/output_file.hpp"
#include "assay/cli/reckon_options.hpp"
#include "assay/cli/replay.hpp"
#include "assay/cli/run_events.hpp"
#include "assay/cli/verb.hpp"
#include "assay/cli/version.hpp"
#include "assay/report/report.hpp"

namespace assay::cli {
namespace {

// More are not seen at the picture's width.
constexpr std::size_t kBuckets = 400;

struct Options {
  CommonOptions common;
  std::string file;
  std::string output;
  bool svg = false;
  bool force = false;
};

Result<report::Report> gather(Replay& replay) {
  const store::Recording& recording = replay.recording();
  report::Report out{.name = replay.name(),
                     .provenance = recording.provenance(),
                     .recorded = recording.recorded_origin(),
                     .from = *recording.first_time(),
                     .to = *recording.last_time(),
                     .windows = recording.window_count(),
                     .made_by = std::string(version_text())};
  for (sample::Event event : recording.events()) {
    if (const auto moment = from_event(event)) event.text = lab_words(*moment);
    out.events.push_back(std::move(event));
  }
  TRY_ASSIGN(out.whole, replay.job());
  // The first window began before the end of the first window.
  TRY(replay.for_each([&](const appraise::AppraisedSnapshot& first) {
    for (const appraise::Appraisal& device : first.devices)
      out.from.unix_ns = std::min(
          out.from.unix_ns,
          first.at.unix_ns - static_cast<std::int64_t>(device.sample.window.value() * 1e9));
    return false;
  }));
  report::BandGatherer bands(
      out.from, out.to,
      std::min(kBuckets, static_cast<std::size_t>(std::max<std::int64_t>(out.windows, 1))));
  TRY(replay.for_each([&](const appraise::AppraisedSnapshot& window) {
    bands.add(window);
    return true;
  }));
  out.bands = bands.bands();
  if (const auto table = kernel_table_of(recording.events()))
    for (const KernelTotal& kernel : kernels_of(*table))
      out.kernels.push_back({demangled(kernel.name), kernel.launches, kernel.total_s});
  if (const auto damage = recording.damage()) out.notes.push_back(*damage);
  if (!recording.finished())
    out.notes.emplace_back("The recorder was killed or is still at work: the end may be missing.");
  return out;
}

int report_on(const Options& options) {
  auto file = RecordingFile::locate(options.file);
  if (!file) return fail(file.error());
  auto replay = Replay::open(file->path(), file->name(), options.common);
  if (!replay) return fail(replay.error());
  const auto gathered = gather(*replay);
  if (!gathered) return fail(gathered.error());
  auto out = OutputFile::open(options.output, options.force);
  if (!out) return fail(out.error());
  out->write(options.svg ? report::ladder_svg(*gathered) : report::page(*gathered));
  const Status written = out->close();
  for (const std::string& warning : replay->warnings()) complain("assay: " + warning);
  return written ? kOk : fail(written.error());
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "the recording, or the name of a built-in one (h100-lab)")
      ->required();
  app.add_option("-o,--output", options->output, "the file to write [stdout]")->type_name("FILE");
  app.add_flag("--svg", options->svg, "only the picture of the ladder through time, as SVG");
  app.add_flag("--force", options->force, "overwrite the file if it exists");
  add_reckon_options(app, options->common);
  return [options] { return report_on(*options); };
}

const VerbRegistration kReport{{.name = "report",
                                .order = 33,
                                .help =
                                    "one page on a recording: the ladder through time, dollars, "
                                    "causes",
                                .example = "assay report h100-lab -o h100-lab.html",
                                .define = define}};

}  // namespace
}  // namespace assay::cli

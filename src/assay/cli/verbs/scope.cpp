// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <memory>
#include <optional>

#include "assay/causes/diagnose.hpp"
#include "assay/cli/cause_view.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/output_file.hpp"
#include "assay/cli/scope_trace.hpp"
#include "assay/cli/scope_view.hpp"
#include "assay/cli/stop_signal.hpp"
#include "assay/cli/verb.hpp"
#include "assay/probe/pm/microscope.hpp"

namespace assay::cli {
namespace {

using sample::Channel;
using sample::Timeline;

struct Options {
  CommonOptions common;
  int device = 0;
  Seconds interval{100e-6};
  Seconds length{1};
  bool burst = false;
  std::vector<std::string> channels;
  std::string svg;
  std::string trace;
  bool force = false;
};

// With room for "10us" read as a product.
constexpr double kShortest = 9.999e-6;
constexpr double kLongest = 10.001e-3;

Result<std::vector<Channel>> channels_of(const std::vector<std::string>& words) {
  std::vector<Channel> out;
  for (const std::string& text : words) {
    std::size_t i = 0;
    while (i < sample::kChannelCount && sample::to_string(static_cast<Channel>(i)) != text) ++i;
    if (i == sample::kChannelCount)
      return Error{ErrorCode::invalid_argument,
                   fmt::format("there is no channel {}; `assay scope --help` lists them", text)};
    out.push_back(static_cast<Channel>(i));
  }
  return out;
}

// What is written as it comes or afterwards. Opened before the look, so that a name that can't be
// written is told at once.
struct Files {
  std::optional<std::ofstream> svg;
  std::optional<ScopeTrace> trace;
};

Error cant_write(const std::string& path) {
  return {ErrorCode::io, fmt::format("can't write {}; choose a folder you may write to", path)};
}

Result<Files> open_files(const Options& options) {
  TRY(check_room(options.svg, options.force));
  TRY(check_room(options.trace, options.force));
  TRY(check_different("--svg", options.svg, "--trace", options.trace));
  Files files;
  if (!options.svg.empty() && !files.svg.emplace(options.svg)) return cant_write(options.svg);
  if (options.trace.empty()) return files;
  TRY_ASSIGN(files.trace, ScopeTrace::open(options.trace, options.device));
  return files;
}

struct Look {
  Timeline timeline;
  std::string name;  // of the board
};

Result<Look> look(const Options& options, Files& files) {
  TRY_ASSIGN(const auto wanted, channels_of(options.channels));
  TRY_ASSIGN(const auto library, probe::pm::Library::load());
  TRY_ASSIGN(probe::pm::Microscope scope,
             probe::pm::Microscope::open(library, {options.device, options.interval, wanted}));
  Look look{Timeline(), scope.name()};
  look.timeline.interval = options.interval;
  for (const probe::pm::Column& column : scope.columns())
    look.timeline.channels.push_back(column.channel);
  const auto take = [&](std::span<const sample::Tick> ticks) {
    for (const sample::Tick& tick : ticks) look.timeline.add(tick);
    if (files.trace) files.trace->add(ticks);
  };
  const auto stopped = [] { return stop_signal() != 0; };
  TRY_ASSIGN(look.timeline.losses, options.burst ? scope.burst(options.length, stopped, take)
                                                 : scope.stream(options.length, stopped, take));
  return look;
}

Status finish(Files& files, const Options& options, const Look& look, const ScopeSubject& subject) {
  if (files.trace) TRY(files.trace->close());
  if (!files.svg) return {};
  *files.svg << scope_svg(look.timeline, subject);
  files.svg->close();
  if (!*files.svg) return cant_write(options.svg);
  return {};
}

// The board by the driver's word, with what the catalog and the user say of such a one.
Result<ScopeSubject> subject_of(const Options& options, const std::string& name) {
  ScopeSubject subject{options.device, name, options.length};
  sample::DeviceFacts facts;
  facts.name = name;
  TRY_ASSIGN(const Knowledge knowledge, Knowledge::load(options.common, {&facts, 1}));
  for (const std::string& warning : knowledge.warnings()) complain("assay: " + warning);
  const appraise::BoardKnowledge board = knowledge.of(facts);
  if (board.chip != nullptr) subject.board.sm_count = board.chip->sm_count();
  subject.board.pipes = appraise::pipe_ratios(board);
  if (board.price) {
    subject.board.price = board.price->per_hour;
    subject.price_source = board.price->source;
  }
  return subject;
}

std::string text_of(const Options& options, const Timeline& timeline, const ScopeSubject& subject) {
  if (options.common.json) return scope_json(timeline, subject) + "\n";
  return scope_view(options.common.style(), timeline, subject) +
         cause_view(options.common.style(), causes::diagnose(timeline.sums(), subject.board));
}

int scope(const Options& options) {
  if (options.interval.value() < kShortest || options.interval.value() > kLongest)
    return fail({ErrorCode::invalid_argument,
                 "--interval must be 10us to 10ms: below, counters lag; above, `assay --window` is "
                 "enough"});
  auto files = open_files(options);
  if (!files) return fail(files.error());
  catch_stop_signals();
  const auto seen = look(options, *files);
  if (!seen) return fail(seen.error());
  const auto subject = subject_of(options, seen->name);
  if (!subject) return fail(subject.error());
  if (const Status done = finish(*files, options, *seen, *subject); !done)
    return fail(done.error());
  put(text_of(options, seen->timeline, *subject));
  return kOk;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_common_options(app, options->common);
  app.add_option("--device", options->device, "CUDA's index of the device")
      ->check(CLI::NonNegativeNumber);
  add_duration(app, "--interval", options->interval, "a tick: 10us to 10ms (100us)");
  add_duration(app, "--for", options->length, "how long to look (1s)");
  app.add_flag("--burst", options->burst,
               "sample first, read afterwards: for ticks too short to read as they come");
  app.add_option(
         "--channels", options->channels,
         "only these: sm_active, dram, occupancy, issue, tensor, fma, alu, fp64, lanes, pcie, "
         "graphics, dram_read, dram_write")
      ->delimiter(',');
  app.add_option("--svg", options->svg, "also draw the timeline into this file");
  app.add_option("--trace", options->trace,
                 "also write counter tracks for Perfetto into this file");
  app.add_flag("--force", options->force, "overwrite the files of --svg and --trace if they exist");
  return [options] { return scope(*options); };
}

const VerbRegistration kScope{{.name = "scope",
                               .order = 25,
                               .help = "the microscope: the whole device in ticks of 10 us to 10 "
                                       "ms (takes its counters meanwhile)",
                               .example = "assay scope --interval 20us --for 200ms --burst",
                               .define = define,
                               .no_sim = "scope reads the counters of real hardware through CUPTI, "
                                         "which a simulated driver has not"}};

}  // namespace
}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <memory>

#include "assay/causes/diagnose.hpp"
#include "assay/cli/cause_view.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/out.hpp"
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

Result<Timeline> watch(probe::pm::Microscope& scope, const Options& options) {
  const auto stopped = [] { return stop_signal() != 0; };
  Timeline timeline;
  timeline.interval = options.interval;
  for (const probe::pm::Column& column : scope.columns())
    timeline.channels.push_back(column.channel);
  const auto take = [&](std::span<const sample::Tick> ticks) {
    timeline.ticks.insert(timeline.ticks.end(), ticks.begin(), ticks.end());
  };
  TRY_ASSIGN(timeline.losses, options.burst ? scope.burst(options.length, stopped, take)
                                            : scope.stream(options.length, stopped, take));
  return timeline;
}

Status write_file(const std::string& path, const std::string& text) {
  if (path.empty()) return {};
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file)
    return Error{ErrorCode::io,
                 fmt::format("can't write {}; choose a folder you may write to", path)};
  return {};
}

Result<Timeline> look(const Options& options) {
  TRY_ASSIGN(const auto wanted, channels_of(options.channels));
  TRY_ASSIGN(const auto library, probe::pm::Library::load());
  TRY_ASSIGN(probe::pm::Microscope scope,
             probe::pm::Microscope::open(library, {options.device, options.interval, wanted}));
  return watch(scope, options);
}

int scope(const Options& options) {
  if (options.interval.value() < kShortest || options.interval.value() > kLongest)
    return fail({ErrorCode::invalid_argument,
                 "--interval must be 10us to 10ms: below, counters lag; above, `assay --window` is "
                 "enough"});
  catch_stop_signals();
  const auto timeline = look(options);
  if (!timeline) return fail(timeline.error());
  const ScopeSubject subject{options.device, "", options.length};
  if (const Status svg =
          write_file(options.svg, options.svg.empty() ? "" : scope_svg(*timeline, subject));
      !svg)
    return fail(svg.error());
  if (const Status trace =
          write_file(options.trace, options.trace.empty() ? "" : scope_trace(*timeline, subject));
      !trace)
    return fail(trace.error());
  put(options.common.json ? scope_json(*timeline, subject) + "\n"
                          : scope_view(options.common.style(), *timeline, subject) +
                                cause_view(options.common.style(), causes::diagnose(*timeline)));
  return kOk;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_json_flag(app, options->common);
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
  app.add_flag("--ascii", options->common.ascii, "draw with ASCII characters only");
  app.add_flag("--no-color,--no-colour", options->common.no_colour,
               "no colours (as does NO_COLOR)");
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

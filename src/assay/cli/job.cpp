// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>

#include "assay/cli/child.hpp"
#include "assay/cli/chrome_trace.hpp"
#include "assay/cli/device_log.hpp"
#include "assay/cli/injection.hpp"
#include "assay/cli/job_account.hpp"
#include "assay/cli/magnifier.hpp"
#include "assay/cli/output_file.hpp"
#include "assay/cli/output_tap.hpp"
#include "assay/cli/run_recording.hpp"
#include "assay/cli/signal_relay.hpp"
#include "assay/probe/trace/collector.hpp"

namespace assay::cli {
namespace {

using probe::trace::Collector;

// With --sample: traced a twentieth of the time.
constexpr Seconds kBurst{0.005};
constexpr Seconds kEvery{0.1};

// What is set up before the command starts, each part absent where it can't be had or was not asked
// for. In the order in which they depend on each other.
struct Parts {
  std::unique_ptr<ChromeTrace> events;
  std::optional<Injection> injection;
  std::unique_ptr<Collector> collector;
  std::unique_ptr<Magnifier> magnifier;
  std::optional<Meter> meter;
  std::unique_ptr<store::Recorder> recorder;
  std::unique_ptr<OutputTap> tap;
};

void set_up_trace(const RunOptions& options, Parts& parts, std::vector<std::string>& missing) {
  if (options.no_trace) return;
  auto injection = Injection::prepare();
  if (!injection) {
    missing.push_back("kernels: " + injection.error().message);
    return;
  }
  auto collector = Collector::start({.sink = parts.events.get(),
                                     .whole_graphs = options.graph_level,
                                     .burst = options.sample ? kBurst : Seconds(0),
                                     .every = options.sample ? kEvery : Seconds(0)});
  if (!collector) {
    missing.push_back("kernels: " + collector.error().message);
    return;
  }
  parts.injection.emplace(std::move(*injection));
  parts.collector = std::move(*collector);
  // What is simulated has no counters to look at.
  if (options.no_scope || !parts.meter || !options.common.simulated.empty()) return;
  const Collector& seen = *parts.collector;
  parts.magnifier = std::make_unique<Magnifier>(Magnifier::Options{
      .command = Magnifier::own_command(),
      .is_the_jobs = [&seen](const std::string& uuid) { return seen.has_kernels_on(uuid); }});
}

// A model that nobody knows is said before the job runs, not after it.
Status check_decode(const RunOptions& options) {
  if (options.decode.model.empty()) return {};
  if (!options.tokens && options.tokens_from.empty())
    return Error{ErrorCode::invalid_argument, "--model needs --tokens or --tokens-from"};
  TRY(DecodeBridge::load(options.decode, options.common));
  return {};
}

Status set_up_files(const RunOptions& options, Parts& parts) {
  TRY(check_room(options.recording, options.force));
  TRY(check_room(options.chrome_trace, options.force));
  TRY(check_different("-o", options.recording, "--trace", options.chrome_trace));
  if (!options.tokens_from.empty()) {
    TRY_ASSIGN(NumberFinder finder, NumberFinder::compile(options.tokens_from));
    TRY_ASSIGN(parts.tap, OutputTap::open(std::move(finder)));
  }
  if (!options.chrome_trace.empty()) {
    TRY_ASSIGN(parts.events, ChromeTrace::create(options.chrome_trace));
  }
  return {};
}

Result<Parts> set_up(const RunOptions& options, std::vector<std::string>& missing) {
  Parts parts;
  TRY(check_decode(options));
  TRY(set_up_files(options, parts));
  auto meter = Meter::open(options.common, options.period, Simulation::Begin::at_start);
  if (meter) parts.meter.emplace(std::move(*meter));
  else if (meter.error().code == ErrorCode::invalid_argument) return meter.error();
  else missing.push_back("devices: " + meter.error().message);
  if (!options.recording.empty()) {
    TRY_ASSIGN(parts.recorder, create_recording(options, parts.meter ? &*parts.meter : nullptr));
  }
  set_up_trace(options, parts, missing);
  return parts;
}

std::vector<Child::Variable> variables_of(const Parts& parts) {
  std::vector<Child::Variable> out;
  if (!parts.collector) return out;
  out = parts.injection->variables();
  for (const Collector::Variable& variable : parts.collector->variables())
    out.push_back({variable.name, variable.value});
  return out;
}

// What the job left, as it was seen.
struct Outcome {
  int exit_code = 0;
  Seconds wall{0};
};

Result<Outcome> run(const RunOptions& options, Parts& parts) {
  const SignalRelay relay;
  const auto began = std::chrono::steady_clock::now();
  TRY_ASSIGN(Child child, Child::start(options.command, variables_of(parts), -1,
                                       parts.tap ? parts.tap->write_end() : -1));
  SignalRelay::target(child.pid());
  if (parts.tap) parts.tap->start();
  const int code = child.wait();
  SignalRelay::target(0);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  return Outcome{code, Seconds(wall.count())};
}

void discard(const RunOptions& options, Parts& parts) {
  std::error_code code;
  if (parts.recorder) {
    parts.recorder.reset();
    std::filesystem::remove(options.recording, code);  // it holds nothing
  }
  if (parts.events) {
    parts.events.reset();
    std::filesystem::remove(options.chrome_trace, code);
  }
}

}  // namespace

Result<RunReport> run_job(const RunOptions& options) {
  RunReport report;
  report.command = fmt::format("{}", fmt::join(options.command, " "));
  TRY_ASSIGN(Parts parts, set_up(options, report.missing));
  std::unique_ptr<DeviceLog> log;
  if (parts.meter)
    log = std::make_unique<DeviceLog>(*parts.meter, parts.recorder.get(), parts.magnifier.get());
  const auto outcome = run(options, parts);
  if (log) log->stop();
  if (!outcome) {
    discard(options, parts);
    report.not_started = outcome.error();
    report.exit_code = start_failure_code(outcome.error());
    return report;
  }
  report.exit_code = outcome->exit_code;
  report.wall = outcome->wall;
  report.tokens = options.tokens;
  if (parts.tap) report.tokens = parts.tap->finish();
  if (parts.magnifier) {
    report.microscope = parts.magnifier->finish();
    if (const std::string& why = parts.magnifier->trouble(); !why.empty())
      report.missing.push_back("microscope: " + why);
  }
  if (parts.collector) report.kernels = parts.collector->finish();
  account(options, log.get(), parts.meter ? &*parts.meter : nullptr, report);

  const auto note = [&](const Status& status) {
    if (!status) report.missing.push_back(status.error().message);
  };
  if (log) note(log->recorded());
  if (parts.recorder) note(finish_recording(*parts.recorder, report));
  if (parts.events) note(parts.events->finish());
  return report;
}

}  // namespace assay::cli

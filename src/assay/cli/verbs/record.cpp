// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "assay/base/counted.hpp"
#include "assay/cli/child.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/host.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/marks.hpp"
#include "assay/cli/meter.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/output_file.hpp"
#include "assay/cli/signal_bell.hpp"
#include "assay/cli/stop_signal.hpp"
#include "assay/cli/verb.hpp"
#include "assay/cli/wall_clock.hpp"
#include "assay/format/format.hpp"
#include "assay/store/recorder.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

using format::wall_iso;
using wire::line_of;

namespace {

struct Options {
  CommonOptions common;
  std::string output;
  bool force = false;
  Seconds period{1};
  Seconds length{0};  // 0 = until CMD ends or a signal comes
  std::vector<std::string> command;
};

std::string default_name(sample::WallTime now) {
  std::string stamp = wall_iso(now).substr(0, 19);
  for (char& c : stamp)
    if (c == ':') c = '-';
  return "assay-" + stamp + ".assay";
}

// What stands there may only go once there is something in its place.
Status make_room(const Options& options) {
  std::error_code code;
  if (!options.force) return {};
  std::filesystem::remove(options.output, code);
  if (!code) return {};
  return Error{ErrorCode::io, fmt::format("can't replace {}: {}", options.output, code.message())};
}

// The recording in progress: sampler in, file out, and what went on meanwhile.
class Session {
 public:
  Session(probe::nvml::Sampler& sampler, store::Recorder& recorder)
      : sampler_(sampler), recorder_(recorder) {}

  // Waits for the end of a window and keeps it. False: something happened in the middle of one.
  Result<bool> window() {
    const auto snapshot = sampler_.next_unless_woken();
    if (snapshot) TRY(keep(*snapshot));
    else TRY(recorder_.commit());
    return snapshot.has_value();
  }
  // What there is of the running window.
  Status last_window() { return keep(sampler_.cut()); }
  Status marks(MarkPipe& pipe) {
    for (const sample::Event& event : pipe.drain()) TRY(recorder_.add(event));
    return {};
  }
  [[nodiscard]] std::int64_t windows() const { return windows_; }

 private:
  Status keep(const sample::Snapshot& snapshot) {
    TRY(recorder_.add(snapshot));
    ++windows_;
    for (const sample::Event& event : sampler_.take_events()) TRY(recorder_.add(event));
    return {};
  }

  probe::nvml::Sampler& sampler_;
  store::Recorder& recorder_;
  std::int64_t windows_ = 0;
};

// Between long windows, marks and events still reach the file within two seconds.
SignalBell::Schedule schedule(const Options& options) {
  return {.every = options.period > Seconds(1.5) ? Seconds(1) : Seconds(0),
          .at = options.command.empty() ? options.length : Seconds(0)};
}

// Until the child has ended; without one, until a signal comes or the time is up. Then the running
// window ends at once.
Status run(Session& session, MarkPipe& marks, Child* child, const SignalBell& bell) {
  for (;;) {
    TRY_ASSIGN(const bool whole, session.window());
    TRY(session.marks(marks));
    // What is left may be too short for a window of its own.
    const bool time_is_up = bell.time_left() < probe::nvml::kShortestWindow;
    const bool over =
        child != nullptr ? child->poll().has_value() : stop_signal() != 0 || time_is_up;
    if (over) {
      if (!whole) TRY(session.last_window());
      return session.marks(marks);
    }
    if (child != nullptr) child->pass_on(stop_signal_to_pass_on());
  }
}

store::Provenance provenance(const Options& options, const probe::nvml::Sampler& sampler) {
  store::Provenance provenance = host_provenance();
  provenance.command = fmt::format("{}", fmt::join(options.command, " "));
  provenance.started = wall_now();
  provenance.period = options.period;
  if (!sampler.devices().empty()) provenance.driver = sampler.devices()[0].driver;
  return provenance;
}

Result<std::vector<sample::DeviceFacts>> named_devices(const Options& options,
                                                       const probe::nvml::Sampler& sampler) {
  std::vector<sample::DeviceFacts> devices(sampler.devices().begin(), sampler.devices().end());
  TRY_ASSIGN(const Knowledge knowledge, Knowledge::load(options.common, devices));
  for (const std::string& warning : knowledge.warnings()) complain("assay: " + warning);
  for (sample::DeviceFacts& device : devices)
    if (const catalog::Chip* chip = knowledge.of(device).chip) device.chip = chip->id;
  return devices;
}

std::string record_json(const std::string& file, std::int64_t windows, std::size_t devices,
                        int exit_code) {
  return line_of({{"schema", "assay.record/1"},
                  {"file", file},
                  {"windows", windows},
                  {"devices", devices},
                  {"command_exit_code", exit_code}});
}

int record(Options options) {
  if (options.output.empty()) options.output = default_name(wall_now());
  if (const Status free = check_room(options.output, options.force); !free)
    return fail(free.error());
  auto meter = Meter::open(options.common, options.period, Simulation::Begin::at_start);
  if (!meter) return fail(meter.error());
  const auto devices = named_devices(options, **meter);
  if (!devices) return fail(devices.error());
  if (const Status free = make_room(options); !free) return fail(free.error());
  auto recorder = store::Recorder::create(options.output, provenance(options, **meter),
                                          meter->origin(), *devices);
  if (!recorder) return fail(recorder.error());

  catch_stop_signals();
  MarkPipe marks;
  std::optional<Child> child;
  if (!options.command.empty()) {
    auto started = Child::start(
        options.command, {{kMarksVariable, std::to_string(marks.write_end())}}, marks.write_end());
    if (!started) {
      fail(started.error());
      recorder->reset();
      std::error_code code;
      std::filesystem::remove(options.output, code);  // it holds nothing
      return start_failure_code(started.error());
    }
    child = *started;
  }
  marks.close_write_end();

  Session session(**meter, **recorder);
  const Status status = [&]() -> Status {
    const SignalBell bell([&] { (*meter)->wake(); }, schedule(options));
    TRY(run(session, marks, child ? &*child : nullptr, bell));
    return (*recorder)->finish();
  }();
  const int failed = status ? kOk : fail(status.error());
  // A recording that broke off must not take the measured program with it, nor let it hang on a
  // full pipe of marks.
  const auto forget_marks = [&] { static_cast<void>(marks.drain()); };
  const int child_code = child ? child->wait_passing_on(stop_signal_to_pass_on, forget_marks) : 0;
  if (options.common.json)
    put(record_json(options.output, session.windows(), devices->size(), child_code) + "\n");
  else if (status)
    complain(fmt::format("assay: {} of {} in {}", counted(session.windows(), "window"),
                         counted(devices->size(), "device"), options.output));
  return failed == kOk ? child_code : failed;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_common_options(app, options->common);
  add_sim_option(app, options->common);
  app.add_option("-o,--output", options->output, "the file to write [assay-DATE.assay]")
      ->type_name("FILE");
  app.add_flag("--force", options->force, "overwrite the file if it exists");
  add_duration(app, "--period", options->period, "length of a window, at least 100ms [1s]");
  add_duration(app, "--for", options->length, "stop after this long (without CMD)");
  app.add_option("CMD", options->command, "run this and record while it runs");
  app.positionals_at_end();
  app.prefix_command(false);
  return [options] { return record(*options); };
}

const VerbRegistration kRecord{{.name = "record",
                                .order = 20,
                                .help = "record all devices into one .assay file",
                                .example = "assay record -o job.assay -- python train.py",
                                .define = define}};

}  // namespace
}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/job_account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "assay/causes/traced.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/format/format.hpp"
#include "assay/ladder/rung.hpp"

namespace assay::cli {

using appraise::Appraisal;
using appraise::set_useful;

namespace {

using sample::Reading;
using sample::Reason;
using sample::Source;

bool launched_on(const sample::KernelTable& table, const std::string& uuid) {
  return std::ranges::any_of(table.rows, [&](const sample::KernelRow& row) {
    const auto device = static_cast<std::size_t>(row.signature.device);
    return device < table.devices.size() && table.devices[device].uuid == uuid;
  });
}

// The devices with kernels of the job's on them; all, where the trace can't tell.
std::vector<DeviceRun> used_by(const sample::KernelTable& table,
                               const std::vector<DeviceRun>& all) {
  std::vector<DeviceRun> used;
  for (const DeviceRun& device : all)
    if (launched_on(table, device.merged.facts.uuid)) used.push_back(device);
  return used.empty() ? all : used;
}

// The peak that FLOPs are measured by: of the dtype asked for, else the chip's bf16, fp16 or fp32.
const catalog::Peak* peak_of(const catalog::Chip* chip, std::optional<Dtype> dtype) {
  if (chip == nullptr) return nullptr;
  if (dtype) return chip->peak(*dtype);
  for (const Dtype usual : {Dtype::bf16, Dtype::fp16, Dtype::fp32})
    if (const catalog::Peak* peak = chip->peak(usual)) return peak;
  return nullptr;
}

// useful = FLOPs / (peak x time), of one device's share of the job.
Reading<Ratio> useful_of(const Appraisal& device, double flops, const RunOptions& options,
                         Seconds wall, std::string& named) {
  const catalog::Chip* chip = device.board.chip;
  const catalog::Peak* peak = peak_of(chip, options.flops_dtype);
  if (peak == nullptr || wall <= Seconds(0))
    return Reading<Ratio>::unknown(Reason::no_roof, Source::catalog);
  named = fmt::format("{:.4g} TFLOP/s {} ({})", peak->rate.value.value() * 1e-12,
                      to_string(peak->dtype), chip->name);
  const double share = flops / (peak->rate.value.value() * wall.value());
  return ladder::sound(
      Reading<Ratio>::derived(Ratio::fraction(share), Source::catalog, device.sample.window));
}

void set_useful_by_flops(const RunOptions& options, RunReport& report) {
  if (!options.flops) return;
  report.flops = options.flops;
  const double each = *options.flops / static_cast<double>(report.devices.devices.size());
  for (Appraisal& device : report.devices.devices) {
    const auto useful = useful_of(device, each, options, report.wall, report.peak);
    set_useful(device, useful);
  }
}

// The useful rung of a decode loop: the job's tokens over its time, set against the planner's
// roofline. What keeps it from being told is missing from the report, nothing else.
void set_useful_by_tokens(const RunOptions& options, RunReport& report) {
  if (options.decode.model.empty()) return;
  const auto told = [&]() -> Status {
    if (!report.tokens || report.wall <= Seconds(0))
      return Error{ErrorCode::invalid_argument, "how many tokens the job made is unknown"};
    TRY_ASSIGN(const std::optional<DecodeBridge> bridge,
               DecodeBridge::load(options.decode, options.common));
    return bridge->apply(report.devices, *report.tokens / report.wall.value());
  }();
  if (!told) report.missing.push_back("useful: " + told.error().message);
}

// The causes of the job: its own windows beside its kernels.
void set_jobs(const std::vector<DeviceRun>& used, RunReport& report) {
  const auto table = report.kernels.empty()
                         ? nullptr
                         : std::make_shared<const sample::KernelTable>(report.kernels);
  for (std::size_t i = 0; i < used.size(); ++i)
    appraise::set_job(report.devices.devices[i],
                      {.working = used[i].working,
                       .kernels = table,
                       .microscope = seen_of(report.microscope, used[i].merged.facts.uuid)});
}

// A job shorter than a window is gone when the window ends: its trace tells that it held the
// device, and for how long at least.
void set_held_by_trace(const sample::KernelTable& table, Seconds wall,
                       sample::DeviceSample& device) {
  if (device.sample.held.usable() || wall <= Seconds(0)) return;
  for (const sample::TracedDevice& traced : table.devices)
    if (traced.uuid == device.facts.uuid && traced.span > Seconds(0))
      device.sample.held = sample::Reading<Ratio>::estimated(
          Ratio::fraction(std::min(1.0, traced.span / wall)), Reason::sampled, Source::trace, wall);
}

void set_dollars(RunReport& report) {
  Dollars sum{0};
  for (const Appraisal& device : report.devices.devices) {
    if (!device.board.price) return;  // a part of it unknown, the sum is
    sum += device.board.price->per_hour * report.wall;
  }
  if (report.devices.devices.empty()) return;
  report.cost = sum;
  if (report.tokens && *report.tokens > 0) report.per_million_tokens = sum * (1e6 / *report.tokens);
}

void set_energy(const std::vector<DeviceRun>& devices, RunReport& report) {
  Joules sum{0};
  for (const DeviceRun& device : devices) {
    if (!device.power) return;  // a part of it unknown, the sum is
    sum += *device.power * report.wall;
  }
  if (!devices.empty()) report.energy = sum;
}

// Where a graph's nodes are traced each, the job was slower than it is.
void explain_slowness(RunReport& report) {
  constexpr double kWorthSaying = 0.02;
  for (const sample::TracedDevice& device : report.kernels.devices) {
    const auto traced = causes::traced(report.kernels, device.uuid);
    if (!traced || traced->tracing < kWorthSaying) continue;
    report.missing.push_back(fmt::format(
        "the job's own speed: tracing each kernel of its CUDA graphs took some {:.0f} % "
        "of its time on {}; --graph-level takes less, --no-trace nothing",
        traced->tracing * 100, device.name.empty() ? "the device" : device.name));
  }
}

// Why there is no trace, or not a whole one.
void explain_trace(const RunOptions& options, RunReport& report) {
  const sample::KernelTable& table = report.kernels;
  if (options.no_trace) return;
  const bool tried = std::ranges::none_of(
      report.missing, [](const std::string& text) { return text.starts_with("kernels: "); });
  if (tried && table.processes.empty())
    report.missing.push_back(
        "kernels: no process of the command started CUDA on a driver of this machine (no CUDA in "
        "it, no driver, a program without the dynamic loader, another user or container)");
  for (const sample::TracedProcess& process : table.processes)
    if (!process.trouble.empty())
      report.missing.push_back(
          fmt::format("kernels of {} ({}): {}", process.name, process.pid, process.trouble));
  if (options.sample && !table.processes.empty() && table.launches == 0)
    report.missing.push_back(
        "kernels: no burst of --sample met a launch, so whether any ran in the pauses is not "
        "known; "
        "without --sample all are traced");
  if (table.lost > 0)
    report.missing.push_back(
        fmt::format("kernels: {} of {} records {} lost; --sample traces in bursts and loses fewer",
                    table.lost, table.lost + table.records, table.lost == 1 ? "was" : "were"));
}

}  // namespace

void account(const RunOptions& options, const DeviceLog* log, const Meter* meter,
             RunReport& report) {
  explain_trace(options, report);
  explain_slowness(report);
  if (!options.tokens_from.empty() && !report.tokens)
    report.missing.push_back(
        fmt::format("tokens: no line of the command's output matched '{}'", options.tokens_from));
  if (log == nullptr || meter == nullptr) return;
  const std::vector<DeviceRun> used = used_by(report.kernels, log->devices());
  std::vector<sample::DeviceFacts> facts;
  sample::Snapshot snapshot{.at = log->at(), .origin = meter->origin(), .self = log->self()};
  for (const DeviceRun& device : used) {
    facts.push_back(device.merged.facts);
    snapshot.devices.push_back(device.merged);
    set_held_by_trace(report.kernels, report.wall, snapshot.devices.back());
  }
  auto loaded = Knowledge::load(options.common, facts);
  if (!loaded) {
    report.missing.push_back("devices: " + loaded.error().message);
    return;
  }
  const auto knowledge = std::make_shared<const Knowledge>(*std::move(loaded));
  report.catalog = knowledge;
  for (const std::string& warning : knowledge->warnings()) report.missing.push_back(warning);
  report.devices = knowledge->appraise(std::move(snapshot));
  set_jobs(used, report);
  report.windows = log->windows();
  set_useful_by_flops(options, report);
  set_useful_by_tokens(options, report);
  set_energy(used, report);
  set_dollars(report);
}

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "assay/cli/child.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/lab_view.hpp"
#include "assay/cli/marks.hpp"
#include "assay/cli/meter.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/verb.hpp"
#include "assay/cli/version.hpp"
#include "assay/cli/wall_clock.hpp"
#include "assay/format/format.hpp"
#include "assay/lab/roofs_file.hpp"
#include "assay/sample/merge.hpp"

namespace assay::cli {

using format::wall_iso;

namespace {

struct Options {
  CommonOptions common;
  std::string device;  // UUID; empty: the first
  Seconds duration{2};
  std::vector<std::string> kernels;
  bool list = false;
};

// Short enough for several windows inside a kernel, long enough for fresh counters in each.
constexpr Seconds kWindow{0.25};

class Bench {
 public:
  Bench(lab::Lab& lab, probe::nvml::Sampler& sampler, const Knowledge& knowledge, int device)
      : lab_(lab), sampler_(sampler), knowledge_(knowledge), device_(device) {}

  Result<LabRow> run(std::string_view kernel, Seconds duration) {
    std::atomic<bool> done{false};
    Result<lab::Run> outcome = Error{ErrorCode::internal, "the kernel has not run"};
    std::thread runner([&] {
      outcome = lab_.run(kernel, duration);
      done = true;
    });
    std::vector<sample::DeviceSample> windows;
    while (!done) {
      sample::Snapshot snapshot = sampler_.next();
      for (sample::DeviceSample& device : snapshot.devices)
        if (device.facts.index == device_) windows.push_back(std::move(device));
      show_nvidia_smi(kernel, windows.size());
    }
    runner.join();
    if (!outcome) return outcome.error();
    return row(std::move(*outcome), std::move(windows));
  }

 private:
  // What everybody else sees while one thread spins: kept as a mark in the recording.
  void show_nvidia_smi(std::string_view kernel, std::size_t windows) {
    if (kernel != "one-thread" || windows != 4) return;
    if (const auto table = output_of({"nvidia-smi"}))
      marks_.write({wall_now(), device_, "nvidia-smi", *table});
  }

  LabRow row(lab::Run run, std::vector<sample::DeviceSample> windows) {
    LabRow row;
    row.moment.device = device_;
    row.moment.to = wall_of(run.ended);
    row.moment.from = wall_of(run.ended - run.elapsed);
    row.moment.run = std::move(run);
    marks_.write(to_event(row.moment));
    std::vector<sample::Sample> samples;
    samples.reserve(windows.size());
    for (const sample::DeviceSample& window : windows) samples.push_back(window.sample);
    const auto inside = windows_inside(samples, row.moment);
    if (inside.empty()) return row;
    const sample::DeviceFacts facts = windows.front().facts;
    row.reading = appraise::appraise({facts, sample::merge(inside)}, knowledge_.of(facts));
    return row;
  }

  lab::Lab& lab_;
  probe::nvml::Sampler& sampler_;
  const Knowledge& knowledge_;
  MarkWriter marks_ = MarkWriter::from_environment();
  int device_;
};

Result<int> index_of(const probe::nvml::Sampler& sampler, std::string_view uuid) {
  for (const sample::DeviceFacts& device : sampler.devices())
    if (device.uuid == uuid) return device.index;
  return Error{ErrorCode::not_supported,
               fmt::format("NVML does not list the device that CUDA runs on ({}), so its counters "
                           "can't be read; a MIG instance is measured as a whole GPU only",
                           uuid)};
}

void keep_roofs(const Options& options, const lab::Lab& lab, std::span<const lab::Run> runs,
                const Knowledge& knowledge, const sample::DeviceFacts& facts) {
  lab::Roofs roofs = lab::roofs_from(lab.info(), runs);
  roofs.measured_at = wall_iso(wall_now());
  roofs.assay_version = version_text();
  if (!options.common.json)
    print("\n{}", roofs_view(options.common.style(), roofs, knowledge.of(facts).chip));
  const auto path = lab::roofs_path(roofs.device_uuid);
  const Status saved = path ? lab::save_roofs(*path, roofs) : Status(path.error());
  if (!saved) complain(fmt::format("assay: the roofs are not kept: {}", saved.error().message));
  else if (!options.common.json) print("  kept in {}\n", *path);
}

std::vector<std::string_view> chosen_kernels(const Options& options) {
  std::vector<std::string_view> ids;
  for (const lab::KernelInfo& kernel : lab::kernels())
    if (options.kernels.empty() || std::ranges::count(options.kernels, kernel.id) > 0)
      ids.push_back(kernel.id);
  return ids;
}

int list_kernels(const CommonOptions& options) {
  if (options.json) {
    print("{}\n", lab_list_json());
    return kOk;
  }
  const Style style = options.style();
  for (const lab::KernelInfo& kernel : lab::kernels())
    print("{}\n{}\n", kernel.id, wrap(kernel.what, style.width, 4));
  return kOk;
}

int run_lab(const Options& options) {
  if (options.list) return list_kernels(options.common);
  auto lab = lab::Lab::open(options.device);
  if (!lab) return fail(lab.error());
  auto meter = Meter::open(options.common, kWindow);
  if (!meter) return fail(meter.error());
  const auto knowledge = Knowledge::load(options.common, (*meter)->devices());
  if (!knowledge) return fail(knowledge.error());
  for (const std::string& warning : knowledge->warnings()) complain("assay: " + warning);

  const Style style = options.common.style();
  const auto device = index_of(**meter, (*lab)->info().uuid);
  if (!device) return fail(device.error());
  Bench bench(**lab, **meter, *knowledge, *device);
  std::vector<lab::Run> runs;
  int code = kOk;
  if (!options.common.json) print("{}", lab_header(style));
  for (const std::string_view id : chosen_kernels(options)) {
    const auto row = bench.run(id, options.duration);
    if (!row) {
      code = fail(row.error().within(id));
      continue;
    }
    print("{}", options.common.json ? lab_json(*row) + "\n" : lab_line(style, *row));
    runs.push_back(row->moment.run);
  }
  if (!options.common.json) print("{}", lab_footer(style));
  if (options.kernels.empty())
    keep_roofs(options, **lab, runs, *knowledge,
               (*meter)->devices()[static_cast<std::size_t>(*device)]);
  return code;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_common_options(app, options->common);
  app.add_option("--device", options->device, "UUID of the device [the first]");
  app.add_flag("--list", options->list, "list the kernels and what each one is for");
  add_duration(app, "--each", options->duration, "how long each kernel runs [2s]");
  std::vector<std::string> ids;
  for (const lab::KernelInfo& kernel : lab::kernels()) ids.emplace_back(kernel.id);
  app.add_option("KERNEL", options->kernels,
                 "only these of `--list` (the roofs are kept only if all ran)")
      ->check(CLI::IsMember(ids).description(""));
  return [options] { return run_lab(*options); };
}

const VerbRegistration kLab{{.name = "lab",
                             .order = 10,
                             .help = "run known kernels: what each metric says, and the true roofs",
                             .example = "assay lab --each 2s",
                             .define = define,
                             .no_sim =
                                 "lab runs kernels of its own through CUDA, which a simulated "
                                 "driver has not; `assay sim lab` plays them"}};

}  // namespace
}  // namespace assay::cli

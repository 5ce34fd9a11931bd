// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/run_recording.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "assay/cli/host.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/run_json.hpp"
#include "assay/cli/wall_clock.hpp"

namespace assay::cli {

using wire::line_of;

Result<std::unique_ptr<store::Recorder>> create_recording(const RunOptions& options, Meter* meter) {
  std::error_code code;
  std::filesystem::remove(options.recording, code);  // only with --force is there one
  store::Provenance provenance = host_provenance();
  provenance.command = fmt::format("{}", fmt::join(options.command, " "));
  provenance.started = wall_now();
  provenance.period = options.period;
  std::vector<sample::DeviceFacts> devices;
  sample::Origin origin{sample::OriginKind::device, host_name()};
  if (meter != nullptr) {
    origin = meter->origin();
    devices.assign((*meter)->devices().begin(), (*meter)->devices().end());
    TRY_ASSIGN(const Knowledge knowledge, Knowledge::load(options.common, devices));
    for (sample::DeviceFacts& device : devices)
      if (const catalog::Chip* chip = knowledge.of(device).chip) device.chip = chip->id;
    if (!devices.empty()) provenance.driver = devices[0].driver;
  }
  return store::Recorder::create(options.recording, provenance, origin, devices);
}

Status finish_recording(store::Recorder& recorder, const RunReport& report) {
  const sample::WallTime now = wall_now();
  for (const sample::KernelRow& row : report.kernels.rows)
    TRY(recorder.add(sample::Event{now, -1, "kernel", line_of(kernel_json(row))}));
  TRY(recorder.add(sample::Event{now, -1, "run", line_of(trace_json(report))}));
  return recorder.finish();
}

}  // namespace assay::cli

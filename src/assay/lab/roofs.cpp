// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/roofs.hpp"

#include <algorithm>

namespace assay::lab {
namespace {

const Run* find_run(std::span<const Run> runs, std::string_view id) {
  const auto found = std::ranges::find(runs, id, &Run::id);
  return found != runs.end() && found->elapsed > Seconds(0) ? &*found : nullptr;
}

std::optional<FlopsPerSecond> flops_rate(const Run* run) {
  if (run == nullptr || !(run->flops > Flops(0))) return std::nullopt;
  return run->flops / run->elapsed;
}

std::optional<BytesPerSecond> byte_rate(const Run* run, std::optional<Bytes> bytes) {
  if (run == nullptr || !bytes || !(*bytes > Bytes(0))) return std::nullopt;
  return *bytes / run->elapsed;
}

std::optional<BytesPerSecond> dram_rate(const Run* run) {
  return run != nullptr ? byte_rate(run, run->dram_bytes) : std::nullopt;
}

}  // namespace

std::optional<BytesPerSecond> Roofs::dram() const {
  if (dram_copy && dram_read) return std::max(*dram_copy, *dram_read);
  return dram_copy ? dram_copy : dram_read;
}

Roofs roofs_from(const DeviceInfo& device, std::span<const Run> runs) {
  Roofs roofs;
  roofs.device_uuid = device.uuid;
  roofs.device_name = device.name;
  roofs.dram_copy = dram_rate(find_run(runs, "dram-copy"));
  roofs.dram_read = dram_rate(find_run(runs, "dram-read"));
  if (const Run* copy = find_run(runs, "h2d-copy"))
    roofs.pcie_h2d = byte_rate(copy, copy->pcie_bytes);
  roofs.fp32 = flops_rate(find_run(runs, "fp32-fma"));
  roofs.fp64 = flops_rate(find_run(runs, "fp64-fma"));
  roofs.bf16_tensor = flops_rate(find_run(runs, "tensor"));
  if (roofs.bf16_tensor) roofs.tensor_via = find_run(runs, "tensor")->via;
  if (const Run* fma = find_run(runs, "fp32-fma")) roofs.sm_clock = fma->sm_clock;
  return roofs;
}

}  // namespace assay::lab

// SPDX-License-Identifier: Apache-2.0
// Which processes have a context on a device.
#include <limits>

#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

constexpr u32 kNoInstance = std::numeric_limits<u32>::max();  // MIG is off
constexpr u32 kProcessModes = 3;                              // compute, graphics, MPS
constexpr u32 kComputeMode = 0;

u32 pid_of(const sim::ProcessState& process) { return static_cast<u32>(process.pid); }
u64 memory_of(const sim::ProcessState& process) { return static_cast<u64>(process.memory.value()); }

// NVML's protocol for lists: *count says how much room there is and comes back as how many there
// are; insufficient_size when that is more.
Return take_count(std::size_t have, u32* count, const void* out) {
  if (count == nullptr) return Return::invalid_argument;
  const u32 room = *count;
  *count = static_cast<u32>(have);
  if (have > room) return Return::insufficient_size;
  return have > 0 && out == nullptr ? Return::invalid_argument : Return::success;
}

}  // namespace

template <typename T, typename Make>
Return Nvml::list_processes(Device device, u32* count, T* out, Make make) {
  return on(device, [&](const Board& board) {
    const std::vector<sim::ProcessState> processes = board.device().processes();
    const Return code = take_count(processes.size(), count, out);
    if (code != Return::success) return code;
    for (std::size_t i = 0; i < processes.size(); ++i) out[i] = make(processes[i]);
    return Return::success;
  });
}

Return Nvml::compute_processes_v1(Device device, u32* count, abi::ProcessInfoV1* out) {
  return list_processes(device, count, out, [](const sim::ProcessState& process) {
    return abi::ProcessInfoV1{pid_of(process), memory_of(process)};
  });
}
Return Nvml::compute_processes(Device device, u32* count, abi::ProcessInfo* out) {
  return list_processes(device, count, out, [](const sim::ProcessState& process) {
    return abi::ProcessInfo{pid_of(process), memory_of(process), kNoInstance, kNoInstance};
  });
}
Return Nvml::no_processes(Device device, u32* count, void* out) {
  return on(device, [&](const Board&) { return take_count(0, count, out); });
}

Return Nvml::process_details(Device device, abi::ProcessDetailList* list) {
  if (const Return code = ready(); code != Return::success) return code;
  if (list == nullptr) return Return::invalid_argument;
  if (list->version != abi::version_tag(sizeof(abi::ProcessDetailList), 1))
    return Return::argument_version_mismatch;
  if (list->mode >= kProcessModes) return Return::invalid_argument;
  if (list->mode != kComputeMode) return no_processes(device, &list->count, list->entries);
  return list_processes(device, &list->count, list->entries, [](const sim::ProcessState& process) {
    return abi::ProcessDetail{pid_of(process), memory_of(process), kNoInstance, kNoInstance, 0};
  });
}

}  // namespace assay::nvml_sim

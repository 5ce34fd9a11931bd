// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/refusal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "assay/probe/pm/counter_users.hpp"

namespace assay::probe::pm {
namespace {

struct Row {
  abi::Code code;
  ErrorCode error;
  std::string_view why;
};

constexpr std::string_view kPrivileges =
    "the driver lets only administrators read performance counters; run it as root or with "
    "CAP_PERFMON, or put `options nvidia NVreg_RestrictProfilingToAdminUsers=0` into "
    "/etc/modprobe.d/nvidia-profiling.conf and reboot";
// Source of the parameter: NVIDIA vGPU software's user guide, on CUDA's profilers in a VM.
constexpr std::string_view kVirtual =
    "the virtual GPU's profile forbids it; enable profiling for the VM on the host (the vGPU's "
    "plugin parameter enable_profiling=1, on VMware pciPassthru0.cfg.enable_profiling=1), and "
    "start "
    "the VM anew";
// Source: github.com/NVIDIA/gpu-admin-tools, README.
constexpr std::string_view kConfidential =
    "the board runs in confidential-computing mode, which hides its counters; the host can choose "
    "the mode devtools for it (`nvidia_gpu_tools.py --set-cc-mode=devtools "
    "--reset-after-cc-mode-switch`, which resets the board)";

constexpr std::array<Row, 11> kRows = {{
    {abi::kOutOfMemory, ErrorCode::internal,
     "the counters came faster than they could be read; use a longer --interval or --burst"},
    {abi::kHardwareBusy, ErrorCode::not_supported,
     "another profiler holds the counters (ncu, nsys, DCGM or a second scope); stop it, with DCGM "
     "by `dcgmi profile --pause`"},
    {abi::kNotSupported, ErrorCode::not_supported,
     "this board or driver does not offer it; PM sampling needs Turing or newer, and CUDA 12.6"},
    {abi::kVirtualized, ErrorCode::not_supported,
     "virtual GPUs don't offer it; run it on the host"},
    {abi::kInsufficientPrivileges, ErrorCode::no_permission, kPrivileges},
    {abi::kVirtualizedInsufficientPrivileges, ErrorCode::no_permission, kVirtual},
    {abi::kConfidentialComputing, ErrorCode::not_supported, kConfidential},
    {abi::kMiningBoard, ErrorCode::not_supported, "mining boards have no such counters"},
    {abi::kMig, ErrorCode::not_supported,
     "MIG is on, and a slice can't see the whole device; `assay` reads slices by GPM, and an "
     "administrator can turn MIG off (`nvidia-smi -i 0 -mig 0`)"},
    {abi::kSli, ErrorCode::not_supported, "boards in SLI don't offer it"},
    {abi::kWsl, ErrorCode::not_supported, "Windows' subsystem for Linux does not offer it"},
}};

}  // namespace

Error refusal(abi::Code code, std::string_view what) {
  return refusal(code, what,
                 code == abi::kHardwareBusy ? counter_users() : std::vector<std::string>());
}

Error refusal(abi::Code code, std::string_view what, std::span<const std::string> holders) {
  if (code == abi::kHardwareBusy && !holders.empty())
    return {ErrorCode::not_supported,
            fmt::format("{} failed: {} seems to hold the counters; stop it, with DCGM by `dcgmi "
                        "profile --pause` (CUPTI code {})",
                        what, fmt::join(holders, " or "), code)};
  const auto row = std::ranges::find(kRows, code, &Row::code);
  if (row == kRows.end())
    return {ErrorCode::internal,
            fmt::format("{} failed with CUPTI code {}; `assay doctor` looks at the routes", what,
                        code)};
  return {row->error, fmt::format("{} failed: {} (CUPTI code {})", what, row->why, code)};
}

}  // namespace assay::probe::pm

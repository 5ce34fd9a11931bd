// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::probe::pm {
namespace {

struct Row {
  abi::Code code;
  ErrorCode error;
  std::string_view why;
};

constexpr std::string_view kPrivileges =
    "the driver lets only administrators read performance counters; run it as root or with "
    "CAP_PERFMON, or set NVreg_RestrictProfilingToAdminUsers=0 in /etc/modprobe.d and reload the "
    "driver";

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
    {abi::kVirtualizedInsufficientPrivileges, ErrorCode::no_permission,
     "the virtual GPU's profile forbids it; enable profiling for the VM on the host"},
    {abi::kConfidentialComputing, ErrorCode::not_supported,
     "the board runs in confidential-computing mode, which hides its counters"},
    {abi::kMiningBoard, ErrorCode::not_supported, "mining boards have no such counters"},
    {abi::kMig, ErrorCode::not_supported,
     "MIG is on, and a slice can't see the whole device; `assay` reads slices by GPM"},
    {abi::kSli, ErrorCode::not_supported, "boards in SLI don't offer it"},
    {abi::kWsl, ErrorCode::not_supported, "Windows' subsystem for Linux does not offer it"},
}};

}  // namespace

Error refusal(abi::Code code, std::string_view what) {
  const auto row = std::ranges::find(kRows, code, &Row::code);
  if (row == kRows.end())
    return {ErrorCode::internal,
            fmt::format("{} failed with CUPTI code {}; `assay doctor` looks at the routes", what,
                        code)};
  return {row->error, fmt::format("{} failed: {} (CUPTI code {})", what, row->why, code)};
}

}  // namespace assay::probe::pm

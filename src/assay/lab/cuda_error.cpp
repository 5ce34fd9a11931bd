// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/cuda_error.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace assay::lab {
namespace {

struct Row {
  int code;
  ErrorCode means;
  std::string_view why_and_what_to_do;
};

// CUresult codes of cuda.h (CUDA 13.0) that a user can do something about.
constexpr auto kRows = std::to_array<Row>({
    {2, ErrorCode::not_supported,
     "the device is out of memory; stop other processes on it (nvidia-smi lists them)"},
    {3, ErrorCode::nothing_to_measure, "the CUDA driver did not start; see `assay doctor`"},
    {34, ErrorCode::nothing_to_measure,
     "libcuda.so.1 is the toolkit's stub, not the driver; take the stubs folder out of "
     "LD_LIBRARY_PATH"},
    {46, ErrorCode::no_permission,
     "another process holds the device exclusively or its compute mode forbids contexts; stop that "
     "process or ask the administrator for compute mode Default"},
    {100, ErrorCode::nothing_to_measure,
     "the driver sees no CUDA device; check CUDA_VISIBLE_DEVICES and that the container was given "
     "one"},
    {101, ErrorCode::not_found, "there is no such device; check CUDA_VISIBLE_DEVICES"},
    {200, ErrorCode::version_refused,
     "the driver does not take assay's kernels; use a driver of CUDA 11.4 or newer"},
    {209, ErrorCode::not_supported, "the kernels need compute capability 7.5 (Turing) or newer"},
    {214, ErrorCode::device_lost,
     "the device met an uncorrectable ECC error; drain it and look at `nvidia-smi -q -d ECC`"},
    {218, ErrorCode::version_refused,
     "the driver's compiler refused assay's PTX; it needs compute capability 7.5 (Turing) or newer "
     "and a driver of CUDA 11.4 or newer"},
    {221, ErrorCode::not_found,
     "the driver's PTX compiler library (libnvidia-ptxjitcompiler.so.1) is not installed; install "
     "it or give it to the container"},
    {222, ErrorCode::version_refused,
     "the driver is older than assay's PTX; use a driver of CUDA 11.4 or newer"},
    {226, ErrorCode::device_lost, "the device contained a hardware error; run the lab again"},
    {304, ErrorCode::io, "the operating system refused a call; look at `dmesg`"},
    {700, ErrorCode::internal, "a kernel of assay read a wrong address; please report this"},
    {701, ErrorCode::not_supported, "the device has too few registers for this kernel"},
    {702, ErrorCode::timeout,
     "the display watchdog ended the kernel; use a shorter duration or a device without a display"},
    {719, ErrorCode::device_lost, "the device stopped a kernel; look for an Xid in `dmesg`"},
    {800, ErrorCode::no_permission, "the driver forbids it to this user"},
    {801, ErrorCode::not_supported, "the driver or device lacks it"},
    {802, ErrorCode::nothing_to_measure,
     "the system is not ready; on NVSwitch machines start nvidia-fabricmanager"},
    {803, ErrorCode::version_refused,
     "libcuda.so.1 and the kernel module differ in version; reboot or reinstall the driver"},
    {804, ErrorCode::version_refused,
     "this device does not take the forward-compatibility libcuda; remove the cuda-compat package"},
    {805, ErrorCode::no_permission, "the MPS server does not answer; restart it or stop using it"},
    {999, ErrorCode::device_lost, "the driver does not know why; look for an Xid in `dmesg`"},
});

}  // namespace

Error cuda_error(std::string_view what, int code, std::string_view name) {
  const auto* row = std::ranges::find(kRows, code, &Row::code);
  const bool known = row != kRows.end();
  return {known ? row->means : ErrorCode::internal,
          fmt::format("{} failed with {} ({}): {}", what, name.empty() ? "CUDA error" : name, code,
                      known ? row->why_and_what_to_do
                            : "look at `dmesg` and report this if it comes again")};
}

}  // namespace assay::lab

// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/codes.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace assay::probe::nvml {
namespace {

using abi::Return;
using sample::Reason;
using E = ErrorCode;
using S = Scope;

constexpr std::array<CodeInfo, 32> kCodes = {{
    {Return::success, "NVML_SUCCESS", Reason::none, E::internal, S::call, "it worked"},
    {Return::uninitialized, "NVML_ERROR_UNINITIALIZED", Reason::driver_error, E::internal,
     S::library, "NVML is not initialized, or was shut down under assay; start assay again"},
    {Return::invalid_argument, "NVML_ERROR_INVALID_ARGUMENT", Reason::driver_error, E::internal,
     S::call,
     "the driver refused an argument, so assay and this driver disagree about the call; "
     "update the older of the two"},
    {Return::not_supported, "NVML_ERROR_NOT_SUPPORTED", Reason::not_supported, E::not_supported,
     S::call, "this device does not offer it; nothing can be done in software"},
    {Return::no_permission, "NVML_ERROR_NO_PERMISSION", Reason::no_permission, E::no_permission,
     S::call, "this user may not read it; run as root, or ask the administrator"},
    {Return::already_initialized, "NVML_ERROR_ALREADY_INITIALIZED", Reason::driver_error,
     E::internal, S::call, "NVML was initialized before; start assay again"},
    {Return::not_found, "NVML_ERROR_NOT_FOUND", Reason::no_new_data, E::not_found, S::call,
     "the driver has no entry for it now; look again after the next window"},
    {Return::insufficient_size, "NVML_ERROR_INSUFFICIENT_SIZE", Reason::driver_error, E::internal,
     S::call, "the answer keeps outgrowing its buffer; look again, and report it if it stays"},
    {Return::insufficient_power, "NVML_ERROR_INSUFFICIENT_POWER", Reason::driver_error, E::internal,
     S::device, "the board's external power cables are not properly attached; check them"},
    {Return::driver_not_loaded, "NVML_ERROR_DRIVER_NOT_LOADED", Reason::driver_not_loaded,
     E::nothing_to_measure, S::library,
     "the NVIDIA kernel driver is not loaded; try `sudo modprobe nvidia`, and `dmesg` if that "
     "fails"},
    {Return::timeout, "NVML_ERROR_TIMEOUT", Reason::timeout, E::timeout, S::call,
     "the driver gave up waiting for the device; look again, and at `dmesg | grep NVRM` if it "
     "stays"},
    {Return::irq_issue, "NVML_ERROR_IRQ_ISSUE", Reason::driver_error, E::internal, S::device,
     "the kernel driver has an interrupt problem with this device; see `dmesg | grep NVRM`"},
    {Return::library_not_found, "NVML_ERROR_LIBRARY_NOT_FOUND", Reason::driver_not_loaded,
     E::nothing_to_measure, S::library,
     "libnvidia-ml.so.1 or a library that it needs was not found; install the NVIDIA driver"},
    {Return::function_not_found, "NVML_ERROR_FUNCTION_NOT_FOUND", Reason::not_supported,
     E::not_supported, S::call,
     "this driver is too old to have the call; update the NVIDIA driver"},
    {Return::corrupted_inforom, "NVML_ERROR_CORRUPTED_INFOROM", Reason::driver_error, E::corrupt,
     S::call, "the board's infoROM is damaged; ask the vendor to repair or replace the board"},
    {Return::gpu_is_lost, "NVML_ERROR_GPU_IS_LOST", Reason::device_lost, E::device_lost, S::device,
     "the device fell off the bus; see `dmesg | grep Xid`, then reset it or reboot"},
    {Return::reset_required, "NVML_ERROR_RESET_REQUIRED", Reason::reset_required, E::device_lost,
     S::device,
     "the device needs a reset before it answers again; stop its processes and run "
     "`sudo nvidia-smi --gpu-reset`, or reboot"},
    {Return::operating_system, "NVML_ERROR_OPERATING_SYSTEM", Reason::no_permission,
     E::no_permission, S::device,
     "the operating system or a cgroup blocks the device; give this "
     "container or user access to /dev/nvidia*"},
    {Return::lib_rm_version_mismatch, "NVML_ERROR_LIB_RM_VERSION_MISMATCH", Reason::driver_error,
     E::version_refused, S::library,
     "the NVML library and the loaded kernel driver are of "
     "different versions; reboot, or reload the driver"},
    {Return::in_use, "NVML_ERROR_IN_USE", Reason::driver_error, E::internal, S::call,
     "the device is in use by something that excludes this call; look again later"},
    {Return::memory, "NVML_ERROR_MEMORY", Reason::driver_error, E::io, S::call,
     "the driver ran out of memory; free some memory on this host"},
    {Return::no_data, "NVML_ERROR_NO_DATA", Reason::no_new_data, E::not_found, S::call,
     "the driver has no data yet; look again after the next window"},
    {Return::vgpu_ecc_not_supported, "NVML_ERROR_VGPU_ECC_NOT_SUPPORTED", Reason::not_supported,
     E::not_supported, S::call, "a virtual GPU with ECC does not offer it; read it on the host"},
    {Return::insufficient_resources, "NVML_ERROR_INSUFFICIENT_RESOURCES", Reason::driver_error,
     E::io, S::call, "the driver ran out of a resource of its own; end other monitoring programs"},
    {Return::freq_not_supported, "NVML_ERROR_FREQ_NOT_SUPPORTED", Reason::not_supported,
     E::not_supported, S::call, "the device does not support that frequency; nothing to do"},
    {Return::argument_version_mismatch, "NVML_ERROR_ARGUMENT_VERSION_MISMATCH",
     Reason::version_refused, E::version_refused, S::call,
     "the driver takes none of the struct versions that assay knows; update assay or the driver"},
    {Return::deprecated, "NVML_ERROR_DEPRECATED", Reason::not_supported, E::not_supported, S::call,
     "this driver has retired the call; update assay"},
    {Return::not_ready, "NVML_ERROR_NOT_READY", Reason::no_new_data, E::not_found, S::call,
     "the device is not ready yet; look again in a moment"},
    {Return::gpu_not_found, "NVML_ERROR_GPU_NOT_FOUND", Reason::device_lost, E::device_lost,
     S::device, "the driver finds no such device any more; see `nvidia-smi -L` and `dmesg`"},
    {Return::invalid_state, "NVML_ERROR_INVALID_STATE", Reason::driver_error, E::internal, S::call,
     "the device is in a state that does not allow it; look again, reset the device if it stays"},
    {Return::reset_type_not_supported, "NVML_ERROR_RESET_TYPE_NOT_SUPPORTED", Reason::not_supported,
     E::not_supported, S::call, "the device does not support that kind of reset; nothing to do"},
    {Return::unknown, "NVML_ERROR_UNKNOWN", Reason::driver_error, E::internal, S::call,
     "the driver had an internal error; see `dmesg | grep NVRM`, update the driver if it stays"},
}};

}  // namespace

std::span<const CodeInfo> all_codes() { return kCodes; }

const CodeInfo& info(abi::Return code) {
  const auto* it = std::ranges::find(kCodes, code, &CodeInfo::code);
  return it == kCodes.end() ? kCodes.back() : *it;
}

Error error_of(abi::Return code, Call call, std::string_view on) {
  const CodeInfo& row = info(code);
  return {row.error,
          fmt::format("{}{}{} failed: {} (NVML code {})", to_string(call), on.empty() ? "" : " on ",
                      on, row.sentence, static_cast<std::uint32_t>(code))};
}

}  // namespace assay::probe::nvml

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "assay/base/error.hpp"
#include "assay/probe/nvml/abi.hpp"
#include "assay/probe/nvml/calls.hpp"
#include "assay/sample/reading.hpp"

namespace assay::probe::nvml {

// How far a code reaches: only the call that answered it, the whole device, or all of NVML.
enum class Scope : std::uint8_t { call, device, library };

struct CodeInfo {
  abi::Return code;
  std::string_view name;  // NVML's: "NVML_ERROR_GPU_IS_LOST"
  sample::Reason reason;  // of a reading that this code kept from being made
  ErrorCode error;        // of a call that assay can't do without
  Scope scope;
  std::string_view sentence;  // what it means and what to do, without a full stop
};

// Every code that NVML 13 knows, in numeric order.
std::span<const CodeInfo> all_codes();

// The row of a code. A number that NVML 13 does not know has the row of NVML_ERROR_UNKNOWN.
const CodeInfo& info(abi::Return code);

inline sample::Reason reason_of(abi::Return code) { return info(code).reason; }
// The device as a whole is gone or refuses everything.
inline bool is_device_trouble(abi::Return code) { return info(code).scope != Scope::call; }

// One sentence: "nvmlInit_v2 failed: <what it means and what to do> (NVML code 9)". `on` names the
// device, or is empty.
Error error_of(abi::Return code, Call call, std::string_view on = "");

}  // namespace assay::probe::nvml

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::probe::nvml {

// One enumerator a row of calls.def.
enum class Call : std::uint8_t {
#define ASSAY_NVML_CALL(id, symbol, older, oldest) id,
#include "assay/probe/nvml/calls.def"
#undef ASSAY_NVML_CALL
};

inline constexpr std::size_t kCallCount = 0
#define ASSAY_NVML_CALL(id, symbol, older, oldest) +1
#include "assay/probe/nvml/calls.def"
#undef ASSAY_NVML_CALL
    ;

// Names under which the library exports each call, newest first; "" where there is none.
inline constexpr std::array<std::array<const char*, 3>, kCallCount> kCallSymbols = {{
#define ASSAY_NVML_CALL(id, symbol, older, oldest) {symbol, older, oldest},
#include "assay/probe/nvml/calls.def"
#undef ASSAY_NVML_CALL
}};

constexpr std::size_t index(Call call) { return static_cast<std::size_t>(call); }

// NVML's own name of a call, for people: "nvmlGpmSampleGet".
constexpr std::string_view to_string(Call call) { return kCallSymbols[index(call)][0]; }

}  // namespace assay::probe::nvml

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/lab/cuda.hpp"
#include "assay/lab/run.hpp"

namespace assay::lab {

// The speed of light of one device as the lab measured it, in place of the datasheet's. nullopt =
// not measured. All functions here are pure.
struct Roofs {
  std::string device_uuid;
  std::string device_name;
  std::string measured_at;                  // ISO 8601, from the caller
  std::string assay_version;                // from the caller
  std::string tensor_via;                   // "cublas 13.0.2", "mma.sync"; empty with bf16_tensor
  std::optional<BytesPerSecond> dram_copy;  // read + written
  std::optional<BytesPerSecond> dram_read;
  std::optional<BytesPerSecond> pcie_h2d;
  std::optional<FlopsPerSecond> fp32;
  std::optional<FlopsPerSecond> fp64;
  std::optional<FlopsPerSecond> bf16_tensor;
  std::optional<Hertz> sm_clock;  // mean during fp32-fma: roofs hold at this clock

  // The DRAM roof: the better of the two.
  [[nodiscard]] std::optional<BytesPerSecond> dram() const;

  friend bool operator==(const Roofs&, const Roofs&) = default;
};

// From the runs of one device, in any order; kernels that are missing or took no time stay unknown.
// measured_at and assay_version are left to the caller.
Roofs roofs_from(const DeviceInfo& device, std::span<const Run> runs);

// The text of a roofs file (TOML) and back. corrupt: malformed, or a figure that is no positive
// number; version_refused: written by a newer assay.
std::string to_text(const Roofs& roofs);
Result<Roofs> parse_roofs(std::string_view text);

}  // namespace assay::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "assay/catalog/chip.hpp"

// What NVML says of a chip's links, as far as the catalog knows it.
namespace assay::nvml_sim {

inline constexpr std::uint32_t kMostNvlinks = 18;  // NVML_NVLINK_MAX_LINKS

// From the rate of a lane; nothing where the catalog has no PCIe link.
std::optional<std::uint32_t> pcie_generation_of(const catalog::Chip& chip);
std::optional<std::uint32_t> pcie_lanes_of(const catalog::Chip& chip);
// 0 for a chip without NVLink.
std::uint32_t nvlinks_of(const catalog::Chip& chip);
// nvmlNvlinkVersion_t.
std::optional<std::uint32_t> nvlink_version_of(const catalog::Chip& chip);

}  // namespace assay::nvml_sim

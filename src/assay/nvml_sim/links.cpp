// SPDX-License-Identifier: Apache-2.0
#include "assay/nvml_sim/links.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::nvml_sim {
namespace {

// Bytes a second of one lane, one way, generation 1 to 6: PCI-SIG's transfer rates times the line
// code (8b/10b, then 128b/130b, from 6 on 242 of 256 bytes of a flit).
constexpr std::array kLaneRates = {0.25e9, 0.5e9, 0.985e9, 1.969e9, 3.938e9, 7.563e9};

const catalog::Link* pcie_of(const catalog::Chip& chip) {
  const catalog::Link* link = chip.link(catalog::LinkRole::host);
  return link != nullptr && link->name.starts_with("PCIe") && link->lanes ? link : nullptr;
}

const catalog::Link* nvlink_of(const catalog::Chip& chip) {
  const catalog::Link* link = chip.link(catalog::LinkRole::scale_up);
  return link != nullptr && link->name.starts_with("NVLink") && link->lanes ? link : nullptr;
}

}  // namespace

std::optional<std::uint32_t> pcie_generation_of(const catalog::Chip& chip) {
  const catalog::Link* link = pcie_of(chip);
  if (link == nullptr || *link->lanes <= 0) return std::nullopt;
  const double lane = link->one_way.value.value() / *link->lanes;
  const auto further = [lane](double a, double b) {
    return std::abs(std::log(a / lane)) < std::abs(std::log(b / lane));
  };
  const auto nearest = std::ranges::min_element(kLaneRates, further);
  return static_cast<std::uint32_t>(nearest - kLaneRates.begin()) + 1;
}

std::optional<std::uint32_t> pcie_lanes_of(const catalog::Chip& chip) {
  const catalog::Link* link = pcie_of(chip);
  if (link == nullptr) return std::nullopt;
  return static_cast<std::uint32_t>(*link->lanes);
}

std::uint32_t nvlinks_of(const catalog::Chip& chip) {
  const catalog::Link* link = nvlink_of(chip);
  if (link == nullptr) return 0;
  return std::min(static_cast<std::uint32_t>(*link->lanes), kMostNvlinks);
}

std::optional<std::uint32_t> nvlink_version_of(const catalog::Chip& chip) {
  const catalog::Link* link = nvlink_of(chip);
  if (link == nullptr || link->name.size() < 8) return std::nullopt;
  switch (link->name[7]) {  // "NVLink 4"
    case '1': return 1U;
    case '2': return 2U;
    case '3': return 4U;
    case '4': return 6U;
    case '5': return 7U;
    default: return std::nullopt;
  }
}

}  // namespace assay::nvml_sim

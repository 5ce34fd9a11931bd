// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "assay/catalog/catalog.hpp"

// The kinds of chip that can run a model, side by side: what the catalog's figures say, and what is
// judgement.
namespace assay::catalog {

// The best chip of a kind by one quotient.
struct BestChip {
  double value = 0;
  const Chip* chip = nullptr;
  Confidence confidence = Confidence::verified;  // of the less sure of the two figures
};

struct Technology {
  ChipKind kind = ChipKind::gpu;
  int chips = 0;  // of this kind in the catalog
  // Dense 8-bit operations (int8 or fp8, the faster) a joule and a dollar of the purchase price;
  // bytes read from the first tier a joule. Nothing where no chip of the kind has both figures.
  std::optional<BestChip> ops_per_joule;
  std::optional<BestChip> ops_per_dollar;
  std::optional<BestChip> bytes_per_joule;
  // Judgement, not measurement: K. Freund, Forbes, 2017-08-04, on CPUs, GPUs, FPGAs and ASICs;
  // ours of what has come since.
  std::string_view programmability;
  std::string_view time_to_market;
};

// cpu, gpu, fpga, asic and cim, in this order. Points into the catalog.
std::vector<Technology> technologies(const Catalog& catalog);

}  // namespace assay::catalog

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/chip.hpp"
#include "assay/roofline/curves.hpp"
#include "assay/roofline/fits.hpp"
#include "assay/roofline/provenance.hpp"
#include "assay/roofline/step.hpp"
#include "assay/units/units.hpp"

namespace assay::roofline {

inline constexpr std::size_t kDtypes = 10;

// What a planner needs of a chip: datasheet peaks, and the curves that say which part of them is
// reached. A plain value; any thread may read it.
struct ChipRoof {
  std::string chip;  // id in the catalog
  Provenance provenance = Provenance::datasheet;
  ChipCurves curves;
  Spreads spreads;
  Spreads transferred_spreads;  // the same where `provenance` is at most transferred

  // Where weights and cache may live, fastest first (placement.hpp). Of GPUs and APUs the first
  // only: their engines do not spill by themselves.
  struct Tier {
    Bytes capacity;            // usable
    BytesPerSecond bandwidth;  // datasheet
    std::string technology = {};
  };
  std::vector<Tier> tiers;
  [[nodiscard]] Bytes capacity() const;
  std::array<FlopsPerSecond, kDtypes> peak{};  // dense, by Dtype; 0 = the chip can't multiply it
  std::optional<BytesPerSecond> link;          // scale-up, one way; without one, the host link
  std::optional<BytesPerSecond> network;       // scale-out, one way, per chip
  int domain = 8;                              // chips that the link joins; 1 where there is none
  double sm_clocks = 0;  // SMs x their highest clock, Hz; 0 = it has none, or unknown
  Watts tdp;             // 0 = unknown
  std::optional<DollarsPerHour> rental;
  double host_factor = 1;  // of the engine's own overheads

  // The dtype that products of operands stored so run in here, and its peak: itself where the chip
  // multiplies it, else the next wider one of its kind (integers and floats do not stand for each
  // other: engines widen fp8 to 16 bits on chips that multiply int8, as vLLM's Marlin kernels do),
  // else, on a chip of nothing wider, 8 bits: attention and what is not quantized run so there.
  // Zero peak: none.
  struct Product {
    Dtype dtype = Dtype::bf16;
    FlopsPerSecond peak;
  };
  [[nodiscard]] Product product(Dtype operands) const;

  // Whether it multiplies any dtype of 16 bits or more.
  [[nodiscard]] bool multiplies_16() const;

  // This chip with one resource `factor` times as large (dram: bandwidth; compute: all peaks; link:
  // both links; overhead: its fixed times divided; capacity: memory). For "+10 % buys".
  [[nodiscard]] ChipRoof scaled(Resource resource, double factor) const;
};

// Error: not_supported where the catalog knows no bandwidth, capacity or peak of the chip.
Result<ChipRoof> chip_roof(const catalog::Chip& chip, const Fits& fits);

}  // namespace assay::roofline

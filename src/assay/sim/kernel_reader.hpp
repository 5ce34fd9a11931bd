// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assay/sim/scenario.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::sim {

inline constexpr std::size_t kWorkKinds = 17;

// A [[kernel]] as it is written: what it means depends on the chip that it runs on.
struct KernelText {
  int line = 1;
  std::string name;
  std::optional<std::int64_t> grid;
  double grid_per_sm = 0;  // where there is no grid
  BlockShape shape;
  bool endless = false;
  std::int64_t duration_ns = 0;  // of the whole grid, alone on the chip
  std::int64_t block_ns = 0;
  std::array<double, kWorkKinds> total{};  // by the table in kernel_reader.cpp, base units
  std::array<double, kWorkKinds> per_block{};
  PipeArray warp_rate{};
  PipeArray rate_limit{};
  double pipe_efficiency = 1;
  double dram_efficiency = 1;
  double lanes = 32;
};

std::vector<KernelText> read_kernels(text::TomlTable& top, text::Problems& problems);

// The kernel on this chip. Reports what the chip can't do, by the kernel's line; then the result
// must not be used.
KernelSpec resolve(const KernelText& text, const DevicePlan& plan, text::Problems& problems);

}  // namespace assay::sim

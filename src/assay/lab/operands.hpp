// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "assay/lab/owned.hpp"
#include "assay/lab/recipe.hpp"

namespace assay::lab {

// Device memory filled with random bf16 numbers: zeros would draw less power and run faster than
// any real data. Uses control for the deadline of the fill.
Result<Buffer> random_buffer(Cuda& cuda, DevicePtr control, std::uint64_t bytes);

struct OperandMemory {
  std::optional<Buffer> a;
  std::optional<Buffer> b;
  std::uint64_t n = 1;  // the kernel's parameter n
};

// What a recipe's kernel needs for this grid. not_supported: too little free memory for a buffer of
// at least four times L2.
Result<OperandMemory> make_operands(Cuda& cuda, Operands operands, int grid, DevicePtr control);

}  // namespace assay::lab

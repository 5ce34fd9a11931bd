// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/operands.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "assay/lab/runner.hpp"

namespace assay::lab {
namespace {

constexpr std::uint64_t kFragmentBytes = 16 * 256 * 4;  // what assay_mma reads of a

// Bytes for each of `parts` equal buffers, a multiple of the grid's stride.
Result<std::uint64_t> stream_bytes(Cuda& cuda, int grid, std::uint64_t parts) {
  TRY_ASSIGN(const std::size_t free, cuda.free_memory());
  const std::uint64_t stride = static_cast<std::uint64_t>(grid) * kChunkBytes;
  const std::uint64_t budget = std::min<std::uint64_t>(kMemoryBudget, free / 3);
  const std::uint64_t bytes = budget / parts / stride * stride;
  const auto l2 = static_cast<std::uint64_t>(cuda.info().l2.value());
  const std::uint64_t least = std::max(stride, 4 * l2);
  if (bytes < least)
    return Error{ErrorCode::not_supported,
                 fmt::format("a DRAM kernel on {} needs {} MiB of free device memory to outrun its "
                             "L2 and {} MiB are free; stop other processes on it",
                             cuda.info().name, (3 * parts * least >> 20) + 1, free >> 20)};
  return bytes;
}

}  // namespace

Result<Buffer> random_buffer(Cuda& cuda, DevicePtr control, std::uint64_t bytes) {
  constexpr int kBlock = 1024;
  TRY_ASSIGN(auto buffer, Buffer::make(cuda, bytes));
  const std::uint64_t words = bytes / 4;
  const int grid = grid_size(Grid::twice_the_sms, cuda.info().sm_count);
  const std::uint64_t per_round = static_cast<std::uint64_t>(grid) * kBlock;
  TRY(cuda.clear(control, sizeof(Control)));
  TRY(cuda.launch(Function::fill, grid, kBlock,
                  {.control = control,
                   .duration_ns = 5'000'000'000,
                   .max_rounds = words / per_round + 1,
                   .a = 0,
                   .b = buffer.get(),
                   .n = words}));
  TRY(cuda.synchronize());
  return buffer;
}

Result<OperandMemory> make_operands(Cuda& cuda, Operands operands, int grid, DevicePtr control) {
  OperandMemory memory;
  if (operands == Operands::none) return memory;
  if (operands == Operands::fragments) {
    TRY_ASSIGN(auto a, random_buffer(cuda, control, kFragmentBytes));
    memory.a.emplace(std::move(a));
    return memory;
  }
  const bool pair = operands == Operands::stream_pair;
  TRY_ASSIGN(const std::uint64_t bytes, stream_bytes(cuda, grid, pair ? 2 : 1));
  TRY_ASSIGN(auto a, random_buffer(cuda, control, bytes));
  memory.a.emplace(std::move(a));
  if (pair) {
    TRY_ASSIGN(auto b, random_buffer(cuda, control, bytes));
    memory.b.emplace(std::move(b));
  }
  memory.n = bytes / 16;
  return memory;
}

}  // namespace assay::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/base/result.hpp"
#include "assay/lab/cuda.hpp"
#include "assay/lab/recipe.hpp"
#include "assay/lab/run.hpp"

// How each kernel is run on a device. Every function blocks until the device is idle again and has
// given all memory back, on errors too.
namespace assay::lab {

// Device memory for the streaming kernels: a third of what is free, at most 4 GiB, so that the lab
// fits beside other work.
inline constexpr std::uint64_t kMemoryBudget = 4ULL << 30;
// GEMM and copies: how many may be queued.
inline constexpr std::size_t kQueuedLarge = 4;
inline constexpr std::size_t kTinyBatch = 64;
inline constexpr std::size_t kTinyBatches = 4;

// One launch that ends itself on the device's clock.
Result<Run> run_single_launch(Cuda& cuda, const Recipe& recipe, Seconds duration);

// cuBLAS's bf16 product of 8192 x 8192 matrices (4096 where memory is short), or assay's own
// mma.sync kernel where there is no cuBLAS; Run::via says which. not_supported before compute
// capability 8.0.
Result<Run> run_tensor(Cuda& cuda, Seconds duration);

Result<Run> run_tiny_kernels(Cuda& cuda, Seconds duration);
Result<Run> run_host_to_device(Cuda& cuda, Seconds duration);

// Any of them by its id of kernels(). invalid_argument: no such id, or a duration that is not in
// (0, 60] seconds.
Result<Run> run_kernel(Cuda& cuda, std::string_view id, Seconds duration);

}  // namespace assay::lab

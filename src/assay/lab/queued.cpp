// SPDX-License-Identifier: Apache-2.0
// The kernels that are many short launches: products, tiny kernels, copies.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "assay/lab/launch_queue.hpp"
#include "assay/lab/operands.hpp"
#include "assay/lab/owned.hpp"
#include "assay/lab/runner.hpp"

namespace assay::lab {
namespace {

Result<LoopResult> measured_loop(Cuda& cuda, Seconds duration, std::size_t batch,
                                 std::size_t batches, const std::function<Status()>& enqueue) {
  const ProfiledSpan profiled(cuda);
  return loop_for(cuda, duration, batch, batches, enqueue);
}

Seconds warm_up_time(Seconds duration) { return std::min(milliseconds(50), duration); }

// The largest n whose three bf16 matrices fit into a third of the free memory.
Result<int> product_size(Cuda& cuda) {
  TRY_ASSIGN(const std::size_t free, cuda.free_memory());
  for (const std::size_t n : {8192U, 4096U})
    if (3 * n * n * 2 <= free / 3) return static_cast<int>(n);
  return Error{ErrorCode::not_supported,
               fmt::format("the tensor kernel needs 288 MiB of free memory on {} and {} MiB are "
                           "free; stop other processes on it",
                           cuda.info().name, free >> 20)};
}

Result<Run> run_library_product(Cuda& cuda, Gemm& gemm, Seconds duration) {
  TRY_ASSIGN(const int n, product_size(cuda));
  const auto bytes = static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(n) * 2;
  TRY_ASSIGN(const auto control, Buffer::make(cuda, sizeof(Control)));
  TRY_ASSIGN(const auto a, random_buffer(cuda, control.get(), bytes));
  TRY_ASSIGN(const auto b, random_buffer(cuda, control.get(), bytes));
  TRY_ASSIGN(const auto c, Buffer::make(cuda, bytes));
  const DrainOnExit drain(cuda);
  const auto product = [&] { return gemm.enqueue(n, a.get(), b.get(), c.get()); };
  // The first call loads the library's kernels, which can take longer than the run itself.
  TRY(product());
  TRY(cuda.synchronize());
  TRY(loop_for(cuda, warm_up_time(duration), 1, kQueuedLarge, product));
  TRY_ASSIGN(const auto loop, measured_loop(cuda, duration, 1, kQueuedLarge, product));
  const double flops = 2.0 * n * n * n;
  return Run{.id = "tensor",
             .grid = std::nullopt,
             .block = std::nullopt,
             .elapsed = loop.elapsed,
             .ended = loop.ended,
             .flops = Flops(flops * static_cast<double>(loop.count)),
             .dram_bytes = std::nullopt,
             .pcie_bytes = Bytes(0),
             .launches = loop.count,
             .via = gemm.name(),
             .sm_clock = std::nullopt};
}

}  // namespace

Result<Run> run_tensor(Cuda& cuda, Seconds duration) {
  if (cuda.info().cc_major < 8)
    return Error{ErrorCode::not_supported,
                 fmt::format("bf16 on tensor cores needs compute capability 8.0 (Ampere) or newer "
                             "and {} has {}.{}; the tensor roof stays unknown",
                             cuda.info().name, cuda.info().cc_major, cuda.info().cc_minor)};
  auto gemm = cuda.open_gemm();
  if (gemm) return run_library_product(cuda, **gemm, duration);
  if (gemm.error().code != ErrorCode::not_found) return gemm.error();
  const Recipe* own = find_recipe("tensor-mma");
  CHECK(own != nullptr);
  TRY_ASSIGN(Run run, run_single_launch(cuda, *own, duration));
  run.id = "tensor";
  return run;
}

Result<Run> run_tiny_kernels(Cuda& cuda, Seconds duration) {
  constexpr int kAdditions = 1024;
  TRY_ASSIGN(const auto control, Buffer::make(cuda, sizeof(Control)));
  TRY_ASSIGN(const auto a, random_buffer(cuda, control.get(), kAdditions * sizeof(float)));
  TRY_ASSIGN(const auto b, random_buffer(cuda, control.get(), kAdditions * sizeof(float)));
  const DrainOnExit drain(cuda);
  const KernelArgs args{.control = control.get(),
                        .duration_ns = static_cast<std::uint64_t>(duration.value() * 1e9),
                        .max_rounds = 1,
                        .a = a.get(),
                        .b = b.get(),
                        .n = kAdditions};
  const auto add = [&] { return cuda.launch(Function::tiny, 1, kAdditions, args); };
  TRY(loop_for(cuda, warm_up_time(duration), kTinyBatch, kTinyBatches, add));
  TRY_ASSIGN(const auto loop, measured_loop(cuda, duration, kTinyBatch, kTinyBatches, add));
  return Run{.id = "tiny-kernels",
             .grid = 1,
             .block = kAdditions,
             .elapsed = loop.elapsed,
             .ended = loop.ended,
             .flops = Flops(static_cast<double>(loop.count) * kAdditions),
             .dram_bytes = Bytes(0),
             .pcie_bytes = Bytes(0),
             .launches = loop.count,
             .via = "assay",
             .sm_clock = std::nullopt};
}

Result<Run> run_host_to_device(Cuda& cuda, Seconds duration) {
  constexpr std::size_t kBytes = 64U << 20;
  TRY_ASSIGN(const auto host, PinnedBuffer::make(cuda, kBytes));
  TRY_ASSIGN(const auto device, Buffer::make(cuda, kBytes));
  const DrainOnExit drain(cuda);
  const auto copy = [&] { return cuda.copy_in(device.get(), host.get(), kBytes); };
  TRY(loop_for(cuda, warm_up_time(duration), 1, kQueuedLarge, copy));
  TRY_ASSIGN(const auto loop, measured_loop(cuda, duration, 1, kQueuedLarge, copy));
  return Run{.id = "h2d-copy",
             .grid = std::nullopt,
             .block = std::nullopt,
             .elapsed = loop.elapsed,
             .ended = loop.ended,
             .flops = Flops(0),
             .dram_bytes = std::nullopt,
             .pcie_bytes = Bytes(static_cast<double>(loop.count) * static_cast<double>(kBytes)),
             .launches = loop.count,
             .via = "copy engine",
             .sm_clock = std::nullopt};
}

}  // namespace assay::lab

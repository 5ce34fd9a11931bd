// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "assay/lab/operands.hpp"
#include "assay/lab/owned.hpp"
#include "assay/lab/runner.hpp"

namespace assay::lab {
namespace {

// Loads the code, and for the kernels whose rate matters brings clocks and pages up.
Seconds warm_up_time(const Recipe& recipe, Seconds duration) {
  const bool rate = recipe.flops_per_work > 0 || recipe.dram_bytes_per_work > 0;
  return rate ? std::min(milliseconds(50), duration) : Seconds(0);
}

Status launch_once(Cuda& cuda, const Recipe& recipe, int grid, KernelArgs args, Seconds duration) {
  args.duration_ns = static_cast<std::uint64_t>(duration.value() * 1e9);
  args.max_rounds = fuse_rounds(recipe, duration);
  return cuda.launch(recipe.function, grid, recipe.block, args);
}

struct Span {
  Seconds elapsed;
  Seconds ended;
};

Result<Span> timed_launch(Cuda& cuda, const Recipe& recipe, int grid, const KernelArgs& args,
                          Seconds duration) {
  TRY_ASSIGN(const auto begin, OwnedEvent::make(cuda));
  TRY_ASSIGN(const auto end, OwnedEvent::make(cuda));
  TRY(launch_once(cuda, recipe, grid, args, warm_up_time(recipe, duration)));
  TRY(cuda.clear(args.control, sizeof(Control)));
  TRY(cuda.synchronize());
  const ProfiledSpan profiled(cuda);
  TRY(cuda.record(begin.get()));
  TRY(launch_once(cuda, recipe, grid, args, duration));
  TRY(cuda.record(end.get()));
  TRY(cuda.wait(end.get()));
  const Seconds ended = cuda.now();
  TRY_ASSIGN(const Seconds elapsed, cuda.between(begin.get(), end.get()));
  return Span{elapsed, ended};
}

std::string_view via(const Recipe& recipe) {
  return recipe.function == Function::mma ? "mma.sync" : "assay";
}

}  // namespace

Result<Run> run_single_launch(Cuda& cuda, const Recipe& recipe, Seconds duration) {
  const int grid = grid_size(recipe.grid, cuda.info().sm_count);
  TRY_ASSIGN(const auto control, Buffer::make(cuda, sizeof(Control)));
  TRY_ASSIGN(const auto memory, make_operands(cuda, recipe.operands, grid, control.get()));
  const DrainOnExit drain(cuda);
  const KernelArgs args{.control = control.get(),
                        .a = memory.a ? memory.a->get() : 0,
                        .b = memory.b ? memory.b->get() : 0,
                        .n = memory.n};
  TRY(cuda.clear(control.get(), sizeof(Control)));
  TRY_ASSIGN(const Span span, timed_launch(cuda, recipe, grid, args, duration));
  Control counted;
  TRY(cuda.copy_out(&counted, control.get(), sizeof(Control)));
  const bool works = recipe.flops_per_work > 0 || recipe.dram_bytes_per_work > 0;
  if (works && counted.work == 0)
    return Error{ErrorCode::internal,
                 fmt::format("{} ended without work done on {}; please report this", recipe.id,
                             cuda.info().name)};
  const auto work = static_cast<double>(counted.work);
  Run run{.id = std::string(recipe.id),
          .grid = grid,
          .block = recipe.block,
          .elapsed = span.elapsed,
          .ended = span.ended,
          .flops = Flops(work * recipe.flops_per_work),
          .dram_bytes = Bytes(work * recipe.dram_bytes_per_work),
          .pcie_bytes = Bytes(0),
          .launches = 1,
          .via = std::string(via(recipe)),
          .sm_clock = std::nullopt};
  if (counted.elapsed_ns > 0)
    run.sm_clock =
        Hertz(static_cast<double>(counted.cycles) * 1e9 / static_cast<double>(counted.elapsed_ns));
  return run;
}

}  // namespace assay::lab

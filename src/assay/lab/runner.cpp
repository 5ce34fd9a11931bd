// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/runner.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "assay/lab/kernel.hpp"

namespace assay::lab {

Result<Run> run_kernel(Cuda& cuda, std::string_view id, Seconds duration) {
  if (!(duration > Seconds(0) && duration <= Seconds(60)))
    return Error{ErrorCode::invalid_argument,
                 fmt::format("a lab kernel can't run for {} s; give more than 0 and at most 60",
                             duration.value())};
  if (std::ranges::find(kernels(), id, &KernelInfo::id) == kernels().end()) {
    std::string known;
    for (const KernelInfo& kernel : kernels())
      known += (known.empty() ? "" : ", ") + std::string(kernel.id);
    return Error{ErrorCode::invalid_argument,
                 fmt::format("there is no lab kernel \"{}\"; the lab has {}", id, known)};
  }
  TRY(cuda.bind_thread());
  if (const Recipe* recipe = find_recipe(id)) return run_single_launch(cuda, *recipe, duration);
  if (id == "tensor") return run_tensor(cuda, duration);
  if (id == "tiny-kernels") return run_tiny_kernels(cuda, duration);
  CHECK(id == "h2d-copy");
  return run_host_to_device(cuda, duration);
}

}  // namespace assay::lab

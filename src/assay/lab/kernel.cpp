// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/kernel.hpp"

#include <algorithm>
#include <array>

#include "assay/lab/recipe.hpp"

namespace assay::lab {
namespace {

constexpr auto kKernels = std::to_array<KernelInfo>({
    {"one-thread", "one thread on the whole device waits: nvidia-smi says 100 %"},
    {"one-block", "one block of 1,024 threads waits on one SM"},
    {"half-sms", "one thread waits on every second SM"},
    {"all-sms", "one thread waits on every SM: SM active reads 100 %, still no work"},
    {"full-spin", "every SM full of waiting threads: full occupancy, full INT pipe, no work"},
    {"fp32-fma", "fused multiply-adds in fp32 on every SM: the fp32 roof"},
    {"fp64-fma", "fused multiply-adds in fp64 on every SM: the fp64 roof"},
    {"tensor", "a bf16 matrix product on the tensor cores: the tensor roof"},
    {"dram-copy", "copies gigabytes within device memory: the DRAM roof, half read, half written"},
    {"dram-read", "reads gigabytes of device memory: the DRAM roof, read only"},
    {"tiny-kernels", "1,024 additions per launch, back to back: launch-bound"},
    {"h2d-copy", "copies pinned host memory to the device: the PCIe roof, no SM at work"},
    {"divergent", "each lane of a warp in a branch of its own: 1 lane of 32 at work"},
});

}  // namespace

std::span<const KernelInfo> kernels() { return kKernels; }

std::optional<Ratio> expected_sm_active(std::string_view id, int sm_count) {
  if (sm_count < 1 || std::ranges::find(kKernels, id, &KernelInfo::id) == kKernels.end())
    return std::nullopt;
  if (id == "h2d-copy") return Ratio::fraction(0);  // the copy engine needs no SM
  const Recipe* recipe = find_recipe(id);
  if (recipe == nullptr) return std::nullopt;
  const int touched = std::min(grid_size(recipe->grid, sm_count), sm_count);
  return Ratio::fraction(static_cast<double>(touched) / sm_count);
}

}  // namespace assay::lab

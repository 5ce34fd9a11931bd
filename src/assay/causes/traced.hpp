// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "assay/sample/kernels.hpp"
#include "assay/units/units.hpp"

namespace assay::causes {

// What a trace says of one device. Shares are of `span`, the time from the job's first record on
// the device to its last, and of the device: 1 = the whole of it for all that time. Sums of
// durations count overlapping kernels each, so that shares of kernels can exceed 1.
struct Traced {
  Seconds span{0};
  double launches = 0;
  double tracing = 0;  // by itself: each node of a graph takes longer while it is traced
  double idle = 0;     // nothing on the device but for that: no kernel, copy or memset
  Seconds idle_per_launch{0};
  Seconds mean_kernel{0};
  double in_graph = 0;          // of the launches: nodes of a CUDA graph
  double syncs_per_launch = 0;  // calls in which the host waits
  double kernels = 0;           // sum of durations
  double copies = 0;            // between host and device, sum of durations
  double waiting_copies = 0;    // copies or memsets on the device, and no kernel: at least so much
  double collectives = 0;  // kernels that wait for peers (NCCL's), what overlaps others left out
  double too_small = 0;    // SM-time without a block: grids of one wave or less
  double tails = 0;        // SM-time without a block: last waves of larger grids
  double products = 0;     // kernels named like matrix products or convolutions, of `kernels`
  // Names, as the driver has them, of the kernel with most of each; "" where there is none.
  std::string longest, smallest_grid, worst_tail, longest_product, longest_collective;
};

// Of the device with that UUID, or of the only one there is. Nothing where the trace has no kernel
// on it: what was not traced is not known. Copies and synchronizations, which the table does not
// keep by device, are dealt evenly to the devices that worked. With bursts all is scaled up.
std::optional<Traced> traced(const sample::KernelTable& table, std::string_view uuid);

// For how long a kernel was resident, in a window of that length inside or around the span: `busy`
// less what only copies explain. Exact where kernels do not overlap each other; else at most that.
Seconds resident_in(const Traced& trace, Seconds window);

// "ncclDevKernel_AllReduce_...": a kernel that a collective library waits for peers in.
bool is_collective(std::string_view name);
// "sm80_xmma_gemm_...", "matmul_tiled", "..._fprop_implicit_gemm_...": a matrix product or a
// convolution by its name (mangled or not). A name is a hint: the rule that uses it says so.
bool is_product(std::string_view name);

}  // namespace assay::causes

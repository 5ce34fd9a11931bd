// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay::tracer {

// What assay asked for, from the environment. Nonsense reads as the default: the job must run.
struct Plan {
  const char* folder = nullptr;  // null: nobody asked for a trace
  std::uint32_t slots = 0;
  bool whole_graphs = false;
  // Which records beside the kernels': of copies, memsets, copies between devices, synchronization.
  bool copies = true;
  bool memsets = true;
  bool peer_copies = true;
  bool synchronization = true;
  // Bursts: traced for burst_ms in about every_ms. 0: always. Not with whole graphs, whose records
  // can't be switched.
  std::uint32_t burst_ms = 0;
  std::uint32_t every_ms = 0;
};

Plan plan_from_environment();

}  // namespace assay::tracer

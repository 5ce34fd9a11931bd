// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assay/units/units.hpp"

// What a trace says of a job: each kernel that ran, gathered by its signature. Plain data, bounded
// by the number of signatures and not by the length of the run.
namespace assay::sample {

// All launches that share these are one row of the table. Shapes as the launch gave them.
struct KernelSignature {
  std::string name;                      // as the driver has it (mangled); "" where it gave none
  std::array<std::uint32_t, 3> grid{};   // blocks
  std::array<std::uint32_t, 3> block{};  // threads
  std::uint32_t registers = 0;           // a thread
  std::uint32_t static_shared = 0;       // bytes a block
  std::uint32_t dynamic_shared = 0;      // bytes a block
  int device = 0;                        // index in KernelTable::devices
  bool in_graph = false;                 // launched as a node of a CUDA graph
  bool whole_graph = false;              // no kernel: one launch of a whole graph (--graph-level)

  // Blocks of the grid, threads of a block.
  [[nodiscard]] std::uint64_t blocks() const { return std::uint64_t{grid[0]} * grid[1] * grid[2]; }
  [[nodiscard]] std::uint64_t threads() const {
    return std::uint64_t{block[0]} * block[1] * block[2];
  }
  friend auto operator<=>(const KernelSignature&, const KernelSignature&) = default;
};

struct KernelRow {
  KernelSignature signature;
  std::int64_t launches = 0;
  Seconds total{0};  // sum of durations on the device; of overlapping launches each counts fully
  Seconds shortest{0};
  Seconds longest{0};
  // Time with nothing at all on the device (no kernel, copy or memset of the traced processes)
  // right before these launches, summed; and how many launches had such a gap.
  Seconds gap{0};
  std::int64_t gaps = 0;
  int streams = 0;  // different ones that it ran on; at most kStreamsCounted
  // With sampled bursts: `launches`, `total` and `gap` are what the bursts saw; multiply by
  // KernelTable::scale. Standard error of total x scale; absent where every launch was traced.
  std::optional<Seconds> total_error;
};
inline constexpr int kStreamsCounted = 64;

// A device as the traced processes see it.
struct TracedDevice {
  std::string uuid;  // "GPU-3f1c...", as NVML writes it; "" where CUPTI did not say
  std::string name;
  int cc_major = 0;  // 0 = unknown
  int cc_minor = 0;
  std::optional<int> sm_count;
  // Time with at least one kernel, copy or memset of one process on it: the union, not the sum.
  // With several processes on one device, the sum of their unions.
  Seconds busy{0};
  Seconds kernels{0};  // sum of all kernels' durations
  Seconds span{0};     // from the start of the first record to the end of the last
};

// Which way a copy goes. Also what a memset is counted as.
enum class CopyKind : std::uint8_t {
  host_to_device,
  device_to_host,
  device_to_device,
  peer_to_peer,
  host_to_host,
  memset,
  other,
};
inline constexpr std::size_t kCopyKinds = 7;

struct CopyTotal {
  std::int64_t count = 0;
  Bytes bytes{0};
  Seconds time{0};
};

// One process that said it was there, traced or not.
struct TracedProcess {
  std::int64_t pid = 0;
  std::string name;     // of its executable
  std::string cupti;    // the library in use; "" where none
  std::string trouble;  // one sentence why it is not, or not wholly, traced; "" where all is well
  std::int64_t records = 0;
  std::int64_t lost = 0;
  bool ended = false;  // said good-bye: everything that it traced has been delivered
};

struct KernelTable {
  std::vector<KernelRow> rows;  // by total time, longest first
  // Launches of signatures beyond the table's bound, summed into one; launches = 0 where none.
  KernelRow rest;
  std::array<CopyTotal, kCopyKinds> copies{};
  Seconds synchronizing{0};  // host time in synchronizing calls, summed over threads
  std::int64_t synchronizations = 0;
  std::vector<TracedDevice> devices;
  std::vector<TracedProcess> processes;
  std::int64_t records = 0;   // received, of all kinds
  std::int64_t launches = 0;  // kernels (and whole graphs) among them, those in `rest` too
  std::int64_t lost = 0;      // known to have happened, but not received
  // Bursts: what to multiply sums by. 1 where all was traced.
  double scale = 1;
  std::int64_t bursts = 0;

  // Anything was traced at all.
  [[nodiscard]] bool empty() const { return records == 0; }
};

}  // namespace assay::sample

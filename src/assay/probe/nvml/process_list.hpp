// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "assay/probe/nvml/driver_names.hpp"
#include "assay/probe/nvml/line.hpp"
#include "assay/probe/nvml/proc_names.hpp"
#include "assay/sample/sample.hpp"

namespace assay::probe::nvml {

// Bytes that a list call has to write over: see entry_size().
inline constexpr std::byte kUntouched{0xa5};

// How many bytes one entry of a process list has. The same symbol writes entries of 16, 24 or 32
// bytes depending on the driver (issue threads of nvitop, numbers 79, 88 and 226, list which), so
// it is read off what was written: `buffer` was filled with kUntouched before the call, which wrote
// `count` entries. 24 where that can't be told.
std::size_t entry_size(std::span<const std::byte> buffer, std::size_t count);

// The first min(count, out.size()) entries of such a buffer.
void unpack_entries(std::span<const std::byte> buffer, std::size_t count,
                    std::span<abi::ProcessInfo> out);

struct ProcessList {
  std::vector<sample::Process> processes;  // by pid; time_share is not filled in
  sample::Reason reason = sample::Reason::not_read;
};

// Processes with a compute or a graphics context on the line's device. A pid listed more than once
// (several MIG instances) appears once, with the sum of its memory, unknown if a part is; one that
// is in both lists counts as compute, with the compute list's memory. For one thread at a time.
class ProcessReader {
 public:
  // Whose word on names goes first; the other's counts where it knows none. The host's own unless
  // the devices are not the host's: then its processes are others, whatever their numbers.
  enum class Names : std::uint8_t { host_first, driver_only };
  explicit ProcessReader(Names from, ProcNames names = ProcNames())
      : from_(from), names_(std::move(names)) {}
  ProcessList read(Line& line);

 private:
  Return list(Line& line, ProcessKind kind);
  [[nodiscard]] std::string name_of(std::int64_t pid, Line& line);

  Names from_;
  ProcNames names_;
  DriverNames driver_names_;
  std::vector<abi::ProcessInfo> buffer_;
  unsigned count_ = 0;
};

}  // namespace assay::probe::nvml

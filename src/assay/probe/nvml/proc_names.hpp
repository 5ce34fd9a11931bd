// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace assay::probe::nvml {

// Names of processes, from /proc: the base name of the executable as the process was started, else
// the kernel's own short name; empty where /proc does not show it. A name is read once for each
// process and checked against the process's start time every few seconds, in case its pid has gone
// to another. For one thread at a time.
class ProcNames {
 public:
  explicit ProcNames(std::string proc = "/proc") : proc_(std::move(proc)) {}

  const std::string& name(std::int64_t pid, std::int64_t now_ns);
  // Drops what name() has not been asked for since the last call.
  void forget_unused();

 private:
  struct Known {
    std::string name;
    std::string started;  // field 22 of /proc/PID/stat, in clock ticks since boot
    std::int64_t checked_ns = 0;
    bool used = false;
  };
  std::string proc_;
  std::unordered_map<std::int64_t, Known> known_;
};

}  // namespace assay::probe::nvml

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "assay/probe/nvml/line.hpp"

namespace assay::probe::nvml {

// Names of processes as the driver tells them, for pids that this host's /proc does not show: those
// of another pid namespace, and those of a simulated device. Asked once a process; one that the
// driver does not know is asked for again every few seconds. For one thread at a time.
class DriverNames {
 public:
  // The executable's base name; empty where the driver does not know.
  const std::string& name(std::int64_t pid, Line& line);
  // Drops what name() has not been asked for since the last call.
  void forget_unused();

 private:
  struct Known {
    std::string name;
    std::int64_t asked_ns = 0;
    bool used = false;
  };
  std::unordered_map<std::int64_t, Known> known_;
};

// "/usr/bin/python3 train.py" -> "python3", "VLLM::EngineCore" as it is; without control
// characters.
std::string short_name(std::string_view text);

}  // namespace assay::probe::nvml

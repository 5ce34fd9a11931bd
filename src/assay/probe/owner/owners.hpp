// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "assay/sample/owner.hpp"

namespace assay::probe::owner {

// Whose the processes of this machine are, read once for each process and looked at again every
// five seconds, in case its pid has gone to another. Reading another user's environment needs root:
// Slurm job and pod are then taken from the control group alone. For one thread at a time.
class Owners {
 public:
  explicit Owners(std::string proc = "/proc") : proc_(std::move(proc)) {}

  // `now_ns` of a monotonic clock. Valid until the next call.
  const sample::Owner& of(std::int64_t pid, std::int64_t now_ns);
  // Drops what of() has not been asked for since the last call.
  void forget_unused();

 private:
  struct Known {
    sample::Owner owner;
    std::string started;
    std::int64_t checked_ns = 0;
    bool used = false;
  };
  [[nodiscard]] sample::Owner read(std::int64_t pid) const;

  std::string proc_;
  std::unordered_map<std::int64_t, Known> known_;
};

}  // namespace assay::probe::owner

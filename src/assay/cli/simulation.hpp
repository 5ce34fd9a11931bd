// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assay/base/private_folder.hpp"
#include "assay/base/result.hpp"
#include "assay/cli/child.hpp"

namespace assay::cli {

// The scenarios that came with the program: name and one line for a person, by name.
struct BuiltinScenario {
  std::string name;
  std::string description;
};
std::vector<BuiltinScenario> builtin_scenarios();

// A simulated driver that is ready to be loaded: the library with NVML's ABI, unpacked into a
// private folder, and the variables that tell it what to play and since when. All programs that
// get the same variables see one and the same devices. The folder goes with this object.
class Simulation {
 public:
  // Where in the scenario this moment lies.
  enum class Begin : std::uint8_t {
    at_start,    // for what goes on: a recording, a command
    where_shown  // at its look_at_s, for what looks: there it shows what it is named for
  };
  // `scenario` is a name of builtin_scenarios() or a TOML file. Fails before anything is started,
  // with file, line and reason.
  static Result<Simulation> prepare(const std::string& scenario, Begin begin);
  // Could one be unpacked and loaded here? Leaves nothing behind.
  static Status check();

  // For a program started from here: the scenario, its epoch, and the library first in the path.
  [[nodiscard]] std::vector<Child::Variable> variables() const;
  // For this very process: its own NVML is the simulated one from now on.
  void enter() const;

 private:
  Simulation(PrivateFolder folder, std::string scenario, std::string epoch)
      : folder_(std::move(folder)), scenario_(std::move(scenario)), epoch_(std::move(epoch)) {}

  PrivateFolder folder_;
  std::string scenario_;
  std::string epoch_;
};

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "assay/base/result.hpp"
#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {

// What a program that loads the library may say through its environment.
struct Setting {
  std::string scenario;              // ASSAY_SIM_SCENARIO: a file, or the name of one that ships
  std::optional<std::string> epoch;  // ASSAY_SIM_EPOCH: nanoseconds on CLOCK_MONOTONIC
};
Setting setting_of_environment();

// What the scenario is called: its name, or that of its file without folder and ".toml".
std::string scenario_name(const std::string& name_or_path);

// A name with a "/" or that ends with ".toml" is a file.
bool is_scenario_file(const std::string& name_or_path);

// Errors as read_file and sim::parse_scenario, or not_found with what the variable takes.
Result<sim::Scenario> load_scenario(const std::string& name_or_path);

// An Nvml in the host's time. Without an epoch, the scenario begins now.
Result<std::unique_ptr<Nvml>> from_setting(const Setting& setting);

}  // namespace assay::nvml_sim

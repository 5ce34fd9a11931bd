// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "assay/base/result.hpp"
#include "assay/cli/style.hpp"
#include "assay/units/units.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace assay::cli {

// Flags that mean the same in every verb that shows devices.
struct CommonOptions {
  bool json = false;
  bool ascii = false;
  bool no_colour = false;
  std::string simulated;                     // --sim: a scenario in place of this machine
  std::string data_dir;                      // --data: chips to add or replace
  std::optional<double> price_usd_per_hour;  // --price

  [[nodiscard]] Style style() const;  // of stdout, with the flags on top
  [[nodiscard]] std::optional<DollarsPerHour> price() const;
};

void add_json_flag(CLI::App& app, CommonOptions& options);
void add_sim_option(CLI::App& app, CommonOptions& options);
void add_common_options(CLI::App& app, CommonOptions& options);

// An option whose text is a length of time ("500ms", "2s"). The text is checked while parsing, so
// a malformed one is a usage error like any other.
CLI::Option* add_duration(CLI::App& app, const std::string& flag, Seconds& target,
                          const std::string& help);

}  // namespace assay::cli

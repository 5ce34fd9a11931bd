// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/options.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdlib>

#include "assay/format/format.hpp"

namespace assay::cli {

using format::parse_duration;

Style CommonOptions::style() const {
  Style style = detect_style(STDOUT_FILENO);
  if (ascii) style.unicode = false;
  if (no_colour) style.colour = false;
  return style;
}

std::optional<DollarsPerHour> CommonOptions::price() const {
  if (!price_usd_per_hour) return std::nullopt;
  return DollarsPerHour(*price_usd_per_hour);
}

void add_json_flag(CLI::App& app, CommonOptions& options) {
  app.add_flag("--json", options.json, "print JSON instead of a picture (docs/json.md)");
}

void add_sim_option(CLI::App& app, CommonOptions& options) {
  app.add_option("--sim", options.simulated,
                 "simulated devices in place of this machine's: a scenario's name or TOML file")
      ->type_name("SCENARIO");
}

void add_common_options(CLI::App& app, CommonOptions& options) {
  add_json_flag(app, options);
  app.add_flag("--ascii", options.ascii, "draw with ASCII characters only");
  app.add_flag("--no-color,--no-colour", options.no_colour, "no colours (as does NO_COLOR)");
  app.add_option("--data", options.data_dir, "folder with chips/*.toml to add or replace")
      ->type_name("DIR");
  app.add_option("--price", options.price_usd_per_hour, "what an hour of one device costs, in $")
      ->type_name("USD")
      ->check([](const std::string& text) {
        const double price = std::strtod(text.c_str(), nullptr);
        return price >= 0 && price <= 1e6 ? "" : "a price is a number from 0 to 1000000";
      });
}

CLI::Option* add_duration(CLI::App& app, const std::string& flag, Seconds& target,
                          const std::string& help) {
  return app
      .add_option_function<std::string>(
          flag,
          [&target](const std::string& text) {
            const auto parsed = parse_duration(text);
            if (!parsed) throw CLI::ValidationError(parsed.error().message);
            target = *parsed;
          },
          help)
      ->type_name("TIME");
}

}  // namespace assay::cli

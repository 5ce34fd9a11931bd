// SPDX-License-Identifier: Apache-2.0
#include "assay/nvml_sim/setting.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "assay/base/read_file.hpp"
#include "assay/catalog/embedded.hpp"

namespace assay::nvml_sim {
namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

Result<std::int64_t> epoch_of(const std::optional<std::string>& text) {
  if (!text) return MonotonicTime::monotonic_ns();
  std::int64_t epoch = 0;
  const auto [end, bad] = std::from_chars(text->data(), text->data() + text->size(), epoch);
  if (bad != std::errc() || end != text->data() + text->size())
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("ASSAY_SIM_EPOCH is \"{}\"; it takes nanoseconds on CLOCK_MONOTONIC, as "
                    "`assay sim` sets it",
                    *text)};
  return epoch;
}

Result<sim::Scenario> shipped(const std::string& name) {
  auto scenario = sim::embedded_scenario(name);
  std::error_code code;
  if (!scenario && std::filesystem::is_regular_file(name, code))
    return Error{ErrorCode::not_found,
                 fmt::format("no scenario that ships is called \"{0}\"; for the file {0}, write "
                             "./{0}",
                             name)};
  return scenario;
}

}  // namespace

Setting setting_of_environment() {
  return {variable("ASSAY_SIM_SCENARIO").value_or(""), variable("ASSAY_SIM_EPOCH")};
}

std::string scenario_name(const std::string& name_or_path) {
  return std::filesystem::path(name_or_path).stem().string();
}

bool is_scenario_file(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".toml");
}

Result<sim::Scenario> load_scenario(const std::string& name) {
  if (name.empty())
    return Error{
        ErrorCode::not_found,
        "ASSAY_SIM_SCENARIO is not set; set it to a scenario's name or TOML file, or start "
        "the program with `assay sim SCENARIO -- PROGRAM`"};
  if (!is_scenario_file(name)) return shipped(name);
  TRY_ASSIGN(const std::string text, read_file(name));
  TRY_ASSIGN(const catalog::Catalog chips, catalog::embedded());
  return sim::parse_scenario(name, text, chips);
}

Result<std::unique_ptr<Nvml>> from_setting(const Setting& setting) {
  TRY_ASSIGN(const sim::Scenario scenario, load_scenario(setting.scenario));
  TRY_ASSIGN(const std::int64_t epoch, epoch_of(setting.epoch));
  return std::make_unique<Nvml>(scenario, std::make_unique<MonotonicTime>(epoch));
}

}  // namespace assay::nvml_sim

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "assay/catalog/embedded.hpp"
#include "assay/sim/scenario.hpp"
#include "assay/text/nearest.hpp"
#include "assay/text/toml_tree.hpp"
#include "assay_sim_embedded.hpp"

namespace assay::sim {
namespace {

constexpr std::string_view kFolder = "scenarios/";
constexpr std::string_view kSuffix = ".toml";

std::string_view name_of(std::string_view path) {
  path.remove_prefix(kFolder.size());
  path.remove_suffix(kSuffix.size());
  return path;
}

}  // namespace

std::vector<std::string> embedded_scenarios() {
  std::vector<std::string> out;
  for (const EmbeddedFile& file : embedded_files()) out.emplace_back(name_of(file.path));
  return out;
}

std::optional<std::string_view> embedded_scenario_text(std::string_view name) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (name_of(file.path) == name) return file.bytes;
  }
  return std::nullopt;
}

Result<Scenario> embedded_scenario(std::string_view name) {
  const auto text = embedded_scenario_text(name);
  if (!text) {
    const std::vector<std::string> guess = text::nearest_of(name, embedded_scenarios(), 1);
    const std::string hint = guess.empty() ? "; `assay sim` lists them, and a file's name ends in .toml"
                                           : fmt::format(": did you mean \"{}\"?", guess[0]);
    return Error{ErrorCode::not_found,
                 fmt::format("no scenario is called \"{}\"{}", text::quoted(name), hint)};
  }
  TRY_ASSIGN(const catalog::Catalog chips, catalog::embedded());
  return parse_scenario(fmt::format("scenarios/{}.toml", name), *text, chips);
}

}  // namespace assay::sim

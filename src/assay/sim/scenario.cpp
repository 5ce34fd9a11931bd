// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "assay/sim/device_reader.hpp"
#include "assay/sim/number.hpp"
#include "assay/sim/process_reader.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::sim {
namespace {

using text::TomlNode;
using text::TomlTable;

std::string name_of(std::string_view file) {
  std::string_view name = file.substr(file.rfind('/') + 1);
  if (name.ends_with(".toml")) name.remove_suffix(5);
  return std::string(name);
}

Scenario read_scenario(const TomlNode& root, std::string_view file, const catalog::Catalog& catalog,
                       text::Problems& problems) {
  TomlTable top(root, "", problems);
  Scenario out;
  out.name = name_of(file);
  out.description = top.need_text("description");
  out.seed = static_cast<std::uint64_t>(whole(top, "seed", {0, 9e15}).value_or(0));
  out.look_at_ns = seconds(top, "look_at_s").value_or(0);
  KernelShelf shelf(read_kernels(top, problems));
  const std::vector<const TomlNode*> devices = top.tables("device");
  if (devices.empty()) top.problem_here("a scenario needs a [[device]]: add one");
  for (const TomlNode* node : devices) read_device(*node, catalog, shelf, problems, out);
  if (problems.empty()) shelf.report_unused(problems);  // after others it is only an echo
  check_uuids(out, root.line, problems);
  top.finish();
  return out;
}

// The scenario, or all that is wrong with it.
std::pair<Scenario, std::vector<Error>> read(std::string_view file, std::string_view text,
                                             const catalog::Catalog& catalog) {
  const Result<TomlNode> root = text::parse_toml({file, text});
  if (!root) return {Scenario{}, {root.error()}};
  text::Problems problems(file);
  Scenario scenario = read_scenario(*root, file, catalog, problems);
  return {std::move(scenario), problems.errors()};
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view file, std::string_view text,
                                const catalog::Catalog& catalog) {
  auto [scenario, errors] = read(file, text, catalog);
  if (!errors.empty()) return errors.front();
  return std::move(scenario);
}

std::vector<Error> check_scenario(std::string_view file, std::string_view text,
                                  const catalog::Catalog& catalog) {
  return read(file, text, catalog).second;
}

std::string_view to_string(EventKind kind) {
  switch (kind) {
    case EventKind::xid: return "xid";
    case EventKind::lost: return "lost";
    case EventKind::back: return "back";
    case EventKind::ecc_corrected: return "ecc-corrected";
    case EventKind::ecc_uncorrected: return "ecc-uncorrected";
    case EventKind::driver_unload: return "driver-unload";
    case EventKind::driver_load: return "driver-load";
    case EventKind::power_cap: return "power-cap";
    case EventKind::ambient: return "ambient";
    case EventKind::clock_cap: return "clock-cap";
  }
  return "";
}

}  // namespace assay::sim

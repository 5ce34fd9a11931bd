// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/simulation.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "assay/nvml_sim/setting.hpp"
#include "assay/sim/scenario.hpp"
#include "assay_simulated_driver_embedded.hpp"

namespace assay::cli {
namespace {

constexpr const char* kScenarioVariable = "ASSAY_SIM_SCENARIO";
constexpr const char* kEpochVariable = "ASSAY_SIM_EPOCH";
constexpr const char* kLibraryVariable = "ASSAY_NVML";
constexpr const char* kLibraryName = "libnvidia-ml.so.1";

// Empty where the loader may map code from there.
std::string why_not_loadable(const std::string& folder) {
  struct statvfs facts = {};
  if (::statvfs(folder.c_str(), &facts) != 0 || (facts.f_flag & ST_NOEXEC) == 0) return "";
  return fmt::format(
      "can't load the simulated driver from {}, which is mounted noexec; set TMPDIR "
      "to a folder from which programs may run",
      folder);
}

Result<PrivateFolder> unpack_library() {
  std::error_code code;
  const std::filesystem::path base = std::filesystem::temp_directory_path(code);
  const std::string parent = code ? "/tmp" : base.string();
  if (const std::string why = why_not_loadable(parent); !why.empty())
    return Error{ErrorCode::io, why};
  const auto failed = [&](std::string_view reason) {
    return Error{ErrorCode::io, fmt::format("can't unpack the simulated driver into {}: {}; set "
                                            "TMPDIR to a folder that can be written",
                                            parent, reason)};
  };
  auto folder = PrivateFolder::make(parent, "assay-nvml");
  if (!folder) return failed(folder.error().message);
  std::ofstream file(std::filesystem::path(folder->path()) / kLibraryName, std::ios::binary);
  for (const simulated_driver::EmbeddedFile& library : simulated_driver::embedded_files())
    file.write(library.bytes.data(), static_cast<std::streamsize>(library.bytes.size()));
  file.close();
  if (!file.good()) return failed("it is full");
  return folder;
}

}  // namespace

std::vector<BuiltinScenario> builtin_scenarios() {
  std::vector<BuiltinScenario> out;
  for (const std::string& name : sim::embedded_scenarios())
    out.push_back({name, sim::embedded_scenario(name).value().description});
  return out;
}

Result<Simulation> Simulation::prepare(const std::string& scenario, Begin begin) {
  const bool is_file = nvml_sim::is_scenario_file(scenario);
  const auto parsed = nvml_sim::load_scenario(scenario);
  if (!parsed && is_file) return parsed.error();
  if (!parsed) return Error{ErrorCode::invalid_argument, parsed.error().message};
  TRY_ASSIGN(PrivateFolder folder, unpack_library());
  std::error_code code;
  const std::chrono::nanoseconds now = std::chrono::steady_clock::now().time_since_epoch();
  const std::chrono::nanoseconds passed(begin == Begin::where_shown ? parsed->look_at_ns : 0);
  return Simulation(std::move(folder),
                    is_file ? std::filesystem::absolute(scenario, code).string() : scenario,
                    std::to_string((now - passed).count()));
}

Status Simulation::check() {
  TRY(unpack_library());
  return {};
}

std::vector<Child::Variable> Simulation::variables() const {
  std::string path = folder_.path();
  if (const char* old = std::getenv("LD_LIBRARY_PATH"); old != nullptr && *old != '\0')
    path += std::string(":") + old;
  return {{kScenarioVariable, scenario_},
          {kEpochVariable, epoch_},
          {kLibraryVariable, folder_.path() + "/" + kLibraryName},
          {"LD_LIBRARY_PATH", path}};
}

void Simulation::enter() const {
  for (const Child::Variable& variable : variables())
    setenv(variable.name.c_str(), variable.value.c_str(), 1);
}

}  // namespace assay::cli

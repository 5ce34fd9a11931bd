// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/simulation.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
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

Result<std::string> unpack_library() {
  std::error_code code;
  const std::filesystem::path base = std::filesystem::temp_directory_path(code);
  std::string folder = (code ? std::filesystem::path("/tmp") : base) / "assay-nvml-XXXXXX";
  const std::string parent = std::filesystem::path(folder).parent_path();
  if (const std::string why = why_not_loadable(parent); !why.empty())
    return Error{ErrorCode::io, why};
  const auto failed = [&](int reason) {
    return Error{ErrorCode::io, fmt::format("can't unpack the simulated driver into {}: {}; set "
                                            "TMPDIR to a folder that can be written",
                                            folder, std::strerror(reason))};
  };
  if (mkdtemp(folder.data()) == nullptr) return failed(errno);
  std::ofstream file(std::filesystem::path(folder) / kLibraryName, std::ios::binary);
  for (const simulated_driver::EmbeddedFile& library : simulated_driver::embedded_files())
    file.write(library.bytes.data(), static_cast<std::streamsize>(library.bytes.size()));
  file.close();
  if (file.good()) return folder;
  std::filesystem::remove_all(folder, code);
  return failed(ENOSPC);
}

}  // namespace

std::vector<std::string> builtin_scenarios() { return sim::embedded_scenarios(); }

Result<Simulation> Simulation::prepare(const std::string& scenario) {
  const auto parsed = nvml_sim::load_scenario(scenario);
  if (!parsed) return Error{ErrorCode::invalid_argument, parsed.error().message};
  TRY_ASSIGN(std::string folder, unpack_library());
  std::error_code code;
  const bool is_file = scenario.find('/') != std::string::npos || scenario.ends_with(".toml");
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return Simulation(
      std::move(folder), is_file ? std::filesystem::absolute(scenario, code).string() : scenario,
      std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()));
}

Status Simulation::check() {
  TRY_ASSIGN(const std::string folder, unpack_library());
  std::error_code code;
  std::filesystem::remove_all(folder, code);
  return {};
}

Simulation::Simulation(Simulation&& other) noexcept
    : folder_(std::exchange(other.folder_, "")),
      scenario_(std::move(other.scenario_)),
      epoch_(std::move(other.epoch_)) {}

Simulation::~Simulation() {
  std::error_code code;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, code);
}

std::vector<Child::Variable> Simulation::variables() const {
  std::string path = folder_;
  if (const char* old = std::getenv("LD_LIBRARY_PATH"); old != nullptr && *old != '\0')
    path += std::string(":") + old;
  return {{kScenarioVariable, scenario_},
          {kEpochVariable, epoch_},
          {kLibraryVariable, folder_ + "/" + kLibraryName},
          {"LD_LIBRARY_PATH", path}};
}

void Simulation::enter() const {
  for (const Child::Variable& variable : variables())
    setenv(variable.name.c_str(), variable.value.c_str(), 1);
}

}  // namespace assay::cli

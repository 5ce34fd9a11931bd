// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/counter_users.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

namespace assay::probe::pm {
namespace {

namespace fs = std::filesystem;

// As /proc/PID/comm has them, cut to 15 characters. DCGM's is nv-hostengine, or within its
// exporter.
constexpr std::array<std::string_view, 6> kProfilers = {
    "ncu", "nsys", "nv-nsight-cu-cl", "nv-hostengine", "dcgm-exporter", "dcgmproftester"};

std::optional<int> process_id(const fs::path& folder) {
  const std::string name = folder.filename().string();
  int pid = 0;
  const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (code != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return pid;
}

// CUPTI's and Nsight's libnvperf_host.so, DCGM's libnvperf_dcgm_host.so.
bool has_counters_loaded(const fs::path& folder) {
  std::ifstream maps(folder / "maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find("/libnvperf") != line.npos) return true;
  return false;
}

std::string name_of(const fs::path& folder) {
  std::ifstream file(folder / "comm");
  std::string name;
  std::getline(file, name);
  return name;
}

}  // namespace

std::vector<std::string> counter_users(const std::string& proc) {
  std::vector<std::string> out;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(proc, code)) {
    const auto pid = process_id(entry.path());
    if (!pid || *pid == getpid()) continue;
    const std::string name = name_of(entry.path());
    if (std::ranges::find(kProfilers, name) == kProfilers.end() &&
        !has_counters_loaded(entry.path()))
      continue;
    out.push_back(fmt::format("{} (pid {})", name, *pid));
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace assay::probe::pm

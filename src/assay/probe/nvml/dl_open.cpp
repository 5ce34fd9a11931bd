// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <link.h>

#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "assay/probe/nvml/dl_nvml.hpp"

namespace assay::probe::nvml {
namespace {

// Where drivers put the library when the loader's own search does not find it: containers of some
// clouds, and Windows' Linux subsystem.
constexpr std::array<const char*, 3> kPlaces = {"libnvidia-ml.so.1",
                                                "/usr/local/nvidia/lib64/libnvidia-ml.so.1",
                                                "/usr/lib/wsl/lib/libnvidia-ml.so.1"};

std::vector<std::string> candidates(const std::string& path) {
  if (!path.empty()) return {path};
  if (const char* named = std::getenv("ASSAY_NVML"); named != nullptr && *named != '\0')
    return {named};
  return {kPlaces.begin(), kPlaces.end()};
}

std::string loaded_path(void* library, const std::string& asked) {
  link_map* map = nullptr;
  if (::dlinfo(library, RTLD_DI_LINKMAP, static_cast<void*>(&map)) == 0 && map != nullptr &&
      map->l_name != nullptr && *map->l_name != '\0')
    return map->l_name;
  return asked;
}

}  // namespace

Result<std::shared_ptr<DlNvml>> DlNvml::open(const std::string& path) {
  std::string why;
  for (const std::string& candidate : candidates(path)) {
    void* library = ::dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      const char* said = ::dlerror();
      if (why.empty()) why = said != nullptr ? said : candidate;
      continue;
    }
    std::shared_ptr<DlNvml> nvml(new DlNvml());
    nvml->path_ = loaded_path(library, candidate);
    for (std::size_t i = 0; i < kCallCount; ++i)
      for (const char* symbol : kCallSymbols[i])
        if (*symbol != '\0' && nvml->symbols_[i] == nullptr)
          nvml->symbols_[i] = ::dlsym(library, symbol);
    nvml->scenario_ = ::dlsym(library, "nvmlAssayScenario");
    if (nvml->has(Call::init)) return nvml;
    why = fmt::format("{} is no NVML library: it lacks {}", nvml->path_, to_string(Call::init));
  }
  return Error{
      ErrorCode::nothing_to_measure,
      fmt::format("can't load NVIDIA's management library ({}); install the NVIDIA driver, "
                  "or name the library in ASSAY_NVML",
                  why)};
}

}  // namespace assay::probe::nvml

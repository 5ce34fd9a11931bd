// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/paths.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace assay::cli {

namespace {

std::string xdg_dir(const char* variable, const char* under_home) {
  if (const char* xdg = std::getenv(variable); xdg != nullptr && *xdg == '/')
    return std::string(xdg) + "/assay";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return std::string(home) + under_home + "/assay";
  return "";
}

}  // namespace

std::string config_dir() { return xdg_dir("XDG_CONFIG_HOME", "/.config"); }

std::string state_dir() { return xdg_dir("XDG_STATE_HOME", "/.local/state"); }

Result<std::vector<NamedFile>> read_toml_files(const std::string& dir) {
  std::vector<NamedFile> files;
  std::error_code code;
  for (std::filesystem::directory_iterator it(dir, code), end; !code && it != end;
       it.increment(code)) {
    if (it->path().extension() != ".toml") continue;
    TRY_ASSIGN(std::string text, read_file(it->path().string()));
    files.push_back({it->path().string(), std::move(text)});
  }
  std::ranges::sort(files, {}, &NamedFile::name);
  return files;
}

}  // namespace assay::cli

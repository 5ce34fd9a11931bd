// SPDX-License-Identifier: Apache-2.0
#include "house/folders.hpp"

#include <fstream>
#include <string>

namespace assay::house {
namespace {

namespace fs = std::filesystem;

bool holds_files(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().filename() != "README.md") return true;
  return false;
}

bool is_explained(const fs::path& folder) {
  std::ifstream readme(folder / "README.md");
  std::size_t lines = 0;
  for (std::string line; std::getline(readme, line);) lines += line.empty() ? 0U : 1U;
  return lines >= 2;
}

}  // namespace

std::vector<Violation> folders_without_readme(const fs::path& root) {
  std::vector<Violation> found;
  for (const char* top : {"src/assay", "test", "data"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      if (!entry.is_directory() || !holds_files(entry.path()) || is_explained(entry.path()))
        continue;
      found.push_back({fs::relative(entry.path(), root).generic_string(), 1,
                       "no README.md: say what comes in, what goes out, what it must never know"});
    }
  }
  return found;
}

}  // namespace assay::house

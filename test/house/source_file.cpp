// SPDX-License-Identifier: Apache-2.0
#include "house/source_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "house/blank.hpp"

namespace assay::house {
namespace {

constexpr std::array<std::string_view, 5> kSourceEndings = {".cpp", ".hpp", ".h", ".cu", ".cuh"};
constexpr std::array<std::string_view, 3> kOtherEndings = {".def", ".cmake", "CMakeLists.txt"};

bool ends_with_any(std::string_view path, const auto& endings) {
  return std::ranges::any_of(endings, [&](std::string_view end) { return path.ends_with(end); });
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

SourceFile::SourceFile(std::string file_path, std::string file_text)
    : path(std::move(file_path)), text(std::move(file_text)) {
  Blanked blanked = is_source() || path.ends_with(".def") ? blank(text) : Blanked{text, text};
  code = std::move(blanked.code);
  comments = std::move(blanked.comments);
}

bool SourceFile::is_source() const { return ends_with_any(path, kSourceEndings); }

std::string SourceFile::module() const {
  constexpr std::string_view kRoot = "src/assay/";
  const std::size_t slash = path.rfind('/');
  if (!under(kRoot) || slash == std::string::npos || slash < kRoot.size()) return "";
  return path.substr(kRoot.size(), slash - kRoot.size());
}

std::size_t SourceFile::line_of(std::size_t position) const {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(position, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

std::vector<SourceFile> load_tree(const std::filesystem::path& root) {
  std::vector<SourceFile> files;
  for (const char* top : {"src", "test", "bench", "cmake"}) {
    if (!std::filesystem::exists(root / top)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
      const std::string path = std::filesystem::relative(entry.path(), root).generic_string();
      if (!entry.is_regular_file()) continue;
      if (!ends_with_any(path, kSourceEndings) && !ends_with_any(path, kOtherEndings)) continue;
      files.emplace_back(path, read(entry.path()));
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

}  // namespace assay::house

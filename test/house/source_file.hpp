// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace assay::house {

// One file of the tree, and the same text with parts blanked out by spaces. All three have the same
// length and the same newlines, so a position in one is the same place in the others.
struct SourceFile {
  SourceFile(std::string path, std::string text);

  std::string path;      // relative to the root, with forward slashes
  std::string text;      // as it lies on disk
  std::string code;      // comments and the insides of string and character literals blanked
  std::string comments;  // everything but comments blanked

  [[nodiscard]] bool is_header() const {
    return path.ends_with(".hpp") || path.ends_with(".h") || path.ends_with(".cuh");
  }
  [[nodiscard]] bool is_source() const;  // C++ or CUDA, header or not
  [[nodiscard]] bool is_cuda() const { return path.ends_with(".cu") || path.ends_with(".cuh"); }
  [[nodiscard]] bool is_test() const {
    return under("test/") || path.ends_with("_test.cpp") || path.ends_with("_test.hpp");
  }
  [[nodiscard]] bool under(std::string_view folder) const { return path.starts_with(folder); }
  // The folder under src/assay, "probe/nvml"; empty for a file that lies elsewhere.
  [[nodiscard]] std::string module() const;
  [[nodiscard]] std::size_t line_of(std::size_t position) const;  // counts from 1
};

// All C++, CUDA, .def and CMake files under src, test, bench and cmake, sorted by path.
std::vector<SourceFile> load_tree(const std::filesystem::path& root);

}  // namespace assay::house

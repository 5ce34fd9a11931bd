// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "house/source_file.hpp"

namespace assay::house {

struct Include {
  std::string path;
  bool quoted = false;  // "path" rather than <path>
  std::size_t line = 0;
};

// The #include lines of a file; those in comments or literals don't count.
std::vector<Include> includes(const SourceFile& file);

}  // namespace assay::house

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "house/rule.hpp"

namespace assay::house {

// Folders under src/assay, test and data that hold files but no README.md of at least two lines.
// A folder that holds only folders needs none.
std::vector<Violation> folders_without_readme(const std::filesystem::path& root);

}  // namespace assay::house

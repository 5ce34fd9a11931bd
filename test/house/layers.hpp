// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "house/rule.hpp"

namespace assay::house {

// Folder under src/assay -> the folders that it may include besides itself.
using Layers = std::map<std::string, std::set<std::string>>;

// The order of DESIGN.md as data. A new folder needs a row here and a word in ARCHITECTURE.md.
const Layers& layers();

// The row that a folder belongs to: its own or that of the nearest folder above it, so that
// cli/verbs is under cli's; empty if there is none.
std::string layer_of(std::string folder, const Layers& table);

// Includes of "assay/..." that the table does not allow, or that come from or go to a folder that
// it does not have. All kinds of files count, tests beside the code too.
std::vector<Violation> check_layers(const SourceFile& file, const Layers& table);

// The same for the DEPS of a folder's CMakeLists.txt.
std::vector<Violation> check_link_order(const SourceFile& file, const Layers& table);

}  // namespace assay::house

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::house {

struct NamespaceUse {
  std::string name;
  std::size_t position = 0;
};

// "probe/nvml" -> "assay::probe::nvml"; base and units export into assay itself (ADR 001).
std::string namespace_of_folder(std::string_view folder);

// The namespaces of blanked code that are opened and begin with assay. One that is opened within
// another by a name of its own (detail) is not looked at.
std::vector<NamespaceUse> assay_namespaces(std::string_view code);

}  // namespace assay::house

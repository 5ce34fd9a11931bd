// SPDX-License-Identifier: Apache-2.0
#include "house/namespaces.hpp"

namespace assay::house {

std::string namespace_of_folder(std::string_view folder) {
  if (folder == "base" || folder == "units") return "assay";
  std::string name = "assay::";
  for (char c : folder) name += c == '/' ? std::string("::") : std::string(1, c);
  return name;
}

std::vector<NamespaceUse> assay_namespaces(std::string_view code) {
  constexpr std::string_view kOpening = "namespace assay";
  std::vector<NamespaceUse> found;
  for (std::size_t at = code.find(kOpening); at != std::string_view::npos;
       at = code.find(kOpening, at + 1)) {
    const std::size_t name = at + std::string_view("namespace ").size();
    const std::size_t end = code.find_first_of(" \n{;=", name);
    const std::size_t next = code.find_first_not_of(" \n", end);
    if (next == std::string_view::npos || code[next] != '{') continue;  // using, alias
    found.push_back({std::string(code.substr(name, end - name)), at});
  }
  return found;
}

}  // namespace assay::house

// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/id.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::catalog {
namespace {

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 60 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

std::string read_id(text::TomlTable& top, std::string_view file) {
  std::string id = top.need_text("id");
  if (id.empty()) return id;
  std::string_view stem = file.substr(file.rfind('/') + 1);
  if (stem.ends_with(".toml")) stem.remove_suffix(5);
  if (!is_id(id)) {
    top.problem(*top.get("id"), "id must be of lower-case letters, digits and -, at most 60");
  } else if (id != stem) {
    top.problem(*top.get("id"), fmt::format("id \"{}\" differs from the file's name \"{}\": make "
                                            "them the same",
                                            id, text::quoted(stem)));
  }
  return id;
}

}  // namespace assay::catalog

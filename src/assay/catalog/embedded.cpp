// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/embedded.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assay_catalog_embedded.hpp"

namespace assay::catalog {
namespace {

std::vector<text::NamedText> files_under(std::string_view folder) {
  std::vector<text::NamedText> out;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path.starts_with(folder)) out.push_back({file.path, file.bytes});
  }
  return out;
}

template <typename Keep>
Result<Catalog> parse_some(Keep keep) {
  std::vector<text::NamedText> some;
  for (const text::NamedText& file : embedded_chip_files()) {
    if (keep(file)) some.push_back(file);
  }
  return Catalog::parse(some);
}

}  // namespace

std::vector<text::NamedText> embedded_chip_files() { return files_under("chips/"); }
std::vector<text::NamedText> embedded_claim_files() { return files_under("claims/"); }

Result<Claims> embedded_claims() { return Claims::parse(embedded_claim_files()); }

Result<Catalog> embedded() {
  return parse_some([](const text::NamedText&) { return true; });
}

Result<Catalog> embedded_for(std::span<const std::string> nvml_names) {
  // The quoted name somewhere in the text is only a hint; match_nvml_name decides.
  return parse_some([&](const text::NamedText& file) {
    return std::ranges::any_of(nvml_names, [&](const std::string& name) {
      return file.text.find(fmt::format("\"{}\"", name)) != std::string_view::npos;
    });
  });
}

Result<Catalog> embedded_by_id(std::string_view id) {
  return parse_some(
      [&](const text::NamedText& file) { return file.name == fmt::format("chips/{}.toml", id); });
}

}  // namespace assay::catalog

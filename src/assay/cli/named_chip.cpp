// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/named_chip.hpp"

#include <fmt/format.h>

#include "assay/text/toml_tree.hpp"

namespace assay::cli {

Result<const catalog::Chip*> named_chip(const catalog::Catalog& catalog, std::string_view name) {
  if (const catalog::Chip* chip = catalog.find(name)) return chip;
  const auto nearest = catalog.nearest(name);
  const std::string hint = nearest.empty()
                               ? "`assay catalog list` names them all"
                               : fmt::format("the nearest are {}", fmt::join(nearest, ", "));
  return Error{ErrorCode::invalid_argument,
               fmt::format("the catalog has no chip \"{}\"; {}", text::quoted(name), hint)};
}

}  // namespace assay::cli

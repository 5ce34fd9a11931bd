// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/chip.hpp"
#include "assay/text/named_text.hpp"

namespace assay::catalog {

// A name as the catalog compares it: ASCII letters in lower case, '_' and ' ' as '-'.
std::string plain_name(std::string_view name);

// The chips, sorted by id. Immutable: any thread may read it. Pointers and spans that it hands out
// live as long as the Catalog, and survive moving it.
class Catalog {
 public:
  Catalog() = default;

  // One chip a file. Fails with the first problem, as "file:line: what is wrong and what to do".
  static Result<Catalog> parse(std::span<const text::NamedText> files);
  // All problems of all files (each file's first few), ordered by file and line; empty = clean.
  static std::vector<Error> check(std::span<const text::NamedText> files);

  // This catalog with chips of the same id replaced and others added.
  [[nodiscard]] Result<Catalog> overlaid_with(std::span<const text::NamedText> files) const;

  // By id or alias, else by the whole name of the maker's or of NVML, as plain_name() reads them:
  // "H100_SXM" finds the alias "h100-sxm", and "NVIDIA H100 80GB HBM3" what NVML calls so.
  [[nodiscard]] const Chip* find(std::string_view name) const;
  // By the name that NVML gives, to the letter; nullptr for a board that no file names.
  [[nodiscard]] const Chip* match_nvml_name(std::string_view name) const;
  // Ids of the chips whose id or alias is nearest to what was typed by edit distance, nearest
  // first: for "did you mean".
  [[nodiscard]] std::vector<std::string> nearest(std::string_view name,
                                                 std::size_t count = 3) const;
  [[nodiscard]] std::span<const Chip> all() const { return chips_; }

 private:
  explicit Catalog(std::vector<Chip> chips);

  std::vector<Chip> chips_;
  // plain_name of each id and alias, sorted, with its chip's place in chips_.
  std::vector<std::pair<std::string, std::size_t>> names_;
};

}  // namespace assay::catalog

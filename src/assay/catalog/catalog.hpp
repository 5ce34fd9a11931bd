// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/chip.hpp"

namespace assay::catalog {

// A file's name, for error messages, and its text. Both must outlive the call only.
struct NamedText {
  std::string_view name;
  std::string_view text;
};

// The chips, sorted by id. Immutable: any thread may read it. Pointers and spans that it hands out
// live as long as the Catalog, and survive moving it.
class Catalog {
 public:
  Catalog() = default;

  // One chip a file. Fails with the first problem, as "file:line: what is wrong and what to do".
  static Result<Catalog> parse(std::span<const NamedText> files);
  // All problems of all files (each file's first few), ordered by file and line; empty = clean.
  static std::vector<Error> check(std::span<const NamedText> files);

  // This catalog with chips of the same id replaced and others added.
  [[nodiscard]] Result<Catalog> overlaid_with(std::span<const NamedText> files) const;

  [[nodiscard]] const Chip* find(std::string_view id) const;
  // By the name that NVML gives, to the letter; nullptr for a board that no file names.
  [[nodiscard]] const Chip* match_nvml_name(std::string_view name) const;
  // Ids by edit distance from what was typed, nearest first: for "did you mean".
  [[nodiscard]] std::vector<std::string> nearest(std::string_view id, std::size_t count = 3) const;
  [[nodiscard]] std::span<const Chip> all() const { return chips_; }

 private:
  std::vector<Chip> chips_;
};

}  // namespace assay::catalog

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/catalog/claim.hpp"

namespace assay::catalog {

// The claims, sorted by id. Immutable: any thread may read it.
class Claims {
 public:
  Claims() = default;

  // One claim a file. Fails with the first problem, as "file:line: what is wrong and what to do".
  static Result<Claims> parse(std::span<const text::NamedText> files);
  // All problems of all files, ordered by file and line; empty = clean.
  static std::vector<Error> check(std::span<const text::NamedText> files);

  // Where the claims and the catalog have drifted apart: chips it does not know, and evidence whose
  // figure no longer follows from the catalog's within 0.5 %. Each "file: what".
  [[nodiscard]] std::vector<Error> check_against(const Catalog& catalog) const;

  // These claims with those of the same id replaced and others added.
  [[nodiscard]] Result<Claims> overlaid_with(std::span<const text::NamedText> files) const;

  // About one of these chips, or comparing with one, in the order of ids.
  [[nodiscard]] std::vector<const Claim*> about(const Catalog& catalog,
                                                std::span<const Chip* const> chips) const;
  [[nodiscard]] const Claim* find(std::string_view id) const;
  [[nodiscard]] std::span<const Claim> all() const { return claims_; }

 private:
  std::vector<Claim> claims_;
};

}  // namespace assay::catalog

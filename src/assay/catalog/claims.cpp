// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "assay/catalog/claim_reader.hpp"

namespace assay::catalog {
namespace {

struct Parsed {
  std::vector<Claim> claims;  // sorted by id; only sound ones
  std::vector<Error> errors;
};

Parsed parse_files(std::span<const text::NamedText> files) {
  Parsed out;
  for (const text::NamedText& file : files) {
    const auto tree = text::parse_toml(file);
    if (!tree) {
      out.errors.push_back(tree.error());
      continue;
    }
    text::Problems problems(file.name);
    Claim claim = read_claim(*tree, file.name, problems);
    if (problems.empty()) {
      out.claims.push_back(std::move(claim));
    } else {
      std::ranges::move(problems.errors(), std::back_inserter(out.errors));
    }
  }
  std::ranges::stable_sort(out.claims, {}, &Claim::id);
  const auto twin = std::ranges::adjacent_find(out.claims, {}, &Claim::id);
  if (twin != out.claims.end()) {
    out.errors.push_back(
        {ErrorCode::invalid_argument,
         fmt::format("{}:1: id \"{}\" is also in {}: give one another id",
                     text::quoted(std::next(twin)->file), twin->id, text::quoted(twin->file))});
  }
  return out;
}

Error drift(const Claim& claim, std::string what) {
  return {ErrorCode::invalid_argument, fmt::format("{}:1: {}", text::quoted(claim.file), what)};
}

// What the evidence's figure would be by the catalog; a sentence where that cannot be told.
Result<double> recomputed(const FromCatalog& from, const Catalog& catalog) {
  const auto figure = [&](const std::string& name) -> Result<double> {
    const Chip* chip = catalog.find(name);
    const auto value = chip == nullptr ? std::nullopt : measured(*chip, from.measure, from.dtype);
    if (value) return *value;
    return Error{ErrorCode::not_found, fmt::format("the catalog has no {} of \"{}\"",
                                                   to_string(from.measure), text::quoted(name))};
  };
  TRY_ASSIGN(const double of, figure(from.of));
  if (from.over.empty()) return of;
  TRY_ASSIGN(const double over, figure(from.over));
  return of / over;
}

}  // namespace

Result<Claims> Claims::parse(std::span<const text::NamedText> files) {
  Parsed parsed = parse_files(files);
  if (!parsed.errors.empty()) return std::move(parsed.errors.front());
  Claims out;
  out.claims_ = std::move(parsed.claims);
  return out;
}

std::vector<Error> Claims::check(std::span<const text::NamedText> files) {
  return parse_files(files).errors;
}

std::vector<Error> Claims::check_against(const Catalog& catalog) const {
  constexpr double kTolerance = 0.005;
  std::vector<Error> out;
  for (const Claim& claim : claims_) {
    for (const auto* names : {&claim.chips, &claim.baselines}) {
      for (const std::string& name : *names) {
        if (catalog.find(name) != nullptr) continue;
        out.push_back(drift(claim, fmt::format("the catalog has no chip \"{}\": name one of it",
                                               text::quoted(name))));
      }
    }
    for (const Evidence& evidence : claim.evidence) {
      const auto* from = std::get_if<FromCatalog>(&evidence.arithmetic);
      if (from == nullptr || !evidence.figure) continue;
      const auto right = recomputed(*from, catalog);
      if (!right) {
        out.push_back(drift(claim, right.error().message));
      } else if (std::abs(evidence.figure->value / *right - 1) >= kTolerance) {
        out.push_back(drift(claim, fmt::format("the {} of \"{}\" is {:.4g} by the catalog, and the "
                                               "evidence says {:.4g}: mend the one that is wrong",
                                               to_string(from->measure), text::quoted(from->of),
                                               *right, evidence.figure->value)));
      }
    }
  }
  return out;
}

Result<Claims> Claims::overlaid_with(std::span<const text::NamedText> files) const {
  TRY_ASSIGN(const Claims over, parse(files));
  Claims out;
  std::ranges::set_union(over.claims_, claims_, std::back_inserter(out.claims_), {}, &Claim::id,
                         &Claim::id);
  return out;
}

std::vector<const Claim*> Claims::about(const Catalog& catalog,
                                        std::span<const Chip* const> chips) const {
  const auto names_one = [&](const std::vector<std::string>& names) {
    return std::ranges::any_of(names, [&](const std::string& name) {
      const Chip* chip = catalog.find(name);
      return chip != nullptr && std::ranges::find(chips, chip) != chips.end();
    });
  };
  std::vector<const Claim*> out;
  for (const Claim& claim : claims_) {
    if (names_one(claim.chips) || names_one(claim.baselines)) out.push_back(&claim);
  }
  return out;
}

const Claim* Claims::find(std::string_view id) const {
  const auto at = std::ranges::lower_bound(claims_, id, {}, &Claim::id);
  return at != claims_.end() && at->id == id ? &*at : nullptr;
}

}  // namespace assay::catalog

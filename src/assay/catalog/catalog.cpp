// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "assay/catalog/chip_reader.hpp"
#include "assay/catalog/nearest.hpp"

namespace assay::catalog {
namespace {

struct Parsed {
  std::vector<Chip> chips;  // sorted by id; only sound ones
  std::vector<Error> errors;
};

Error clash(const Chip& chip, std::string_view what, std::string_view value, const Chip& other) {
  return {ErrorCode::invalid_argument,
          fmt::format("{}:1: {} \"{}\" is also in {}: each belongs to one chip", quoted(chip.file),
                      what, quoted(value), quoted(other.file))};
}

// Ids and NVML names must point to one chip each.
std::vector<Error> find_clashes(const std::vector<Chip>& chips) {
  std::vector<Error> out;
  std::unordered_map<std::string_view, const Chip*> ids;
  std::unordered_map<std::string_view, const Chip*> names;
  for (const Chip& chip : chips) {
    const auto [id, id_is_new] = ids.emplace(chip.id, &chip);
    if (!id_is_new) out.push_back(clash(chip, "id", chip.id, *id->second));
    for (const std::string& name : chip.nvml_names) {
      const auto [row, is_new] = names.emplace(name, &chip);
      if (!is_new) out.push_back(clash(chip, "NVML name", name, *row->second));
    }
  }
  return out;
}

Parsed parse_files(std::span<const NamedText> files) {
  Parsed out;
  for (const NamedText& file : files) {
    const auto tree = parse_toml(file);
    if (!tree) {
      out.errors.push_back(tree.error());
      continue;
    }
    Problems problems(file.name);
    Chip chip = read_chip(*tree, file.name, problems);
    if (problems.empty()) {
      out.chips.push_back(std::move(chip));
    } else {
      std::ranges::move(problems.errors(), std::back_inserter(out.errors));
    }
  }
  std::ranges::stable_sort(out.chips, {}, &Chip::id);
  std::ranges::move(find_clashes(out.chips), std::back_inserter(out.errors));
  return out;
}

}  // namespace

Result<Catalog> Catalog::parse(std::span<const NamedText> files) {
  Parsed parsed = parse_files(files);
  if (!parsed.errors.empty()) return std::move(parsed.errors.front());
  Catalog out;
  out.chips_ = std::move(parsed.chips);
  return out;
}

std::vector<Error> Catalog::check(std::span<const NamedText> files) {
  return parse_files(files).errors;
}

Result<Catalog> Catalog::overlaid_with(std::span<const NamedText> files) const {
  TRY_ASSIGN(Catalog over, parse(files));
  Catalog out;
  // set_union keeps the first range's chip of each id that both have.
  std::ranges::set_union(over.chips_, chips_, std::back_inserter(out.chips_), {}, &Chip::id,
                         &Chip::id);
  std::vector<Error> clashes = find_clashes(out.chips_);
  if (!clashes.empty()) return std::move(clashes.front());
  return out;
}

const Chip* Catalog::find(std::string_view id) const {
  const auto at = std::ranges::lower_bound(chips_, id, {}, &Chip::id);
  return at != chips_.end() && at->id == id ? &*at : nullptr;
}

const Chip* Catalog::match_nvml_name(std::string_view name) const {
  for (const Chip& chip : chips_) {
    if (std::ranges::find(chip.nvml_names, name) != chip.nvml_names.end()) return &chip;
  }
  return nullptr;
}

std::vector<std::string> Catalog::nearest(std::string_view id, std::size_t count) const {
  std::vector<std::string> ids;
  ids.reserve(chips_.size());
  for (const Chip& chip : chips_) ids.push_back(chip.id);
  return nearest_of(id, ids, count);
}

}  // namespace assay::catalog

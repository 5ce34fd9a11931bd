// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "assay/catalog/chip_reader.hpp"
#include "assay/text/nearest.hpp"

namespace assay::catalog {
namespace {

struct Parsed {
  std::vector<Chip> chips;  // sorted by id; only sound ones
  std::vector<Error> errors;
};

Error clash(const Chip& chip, std::string_view what, std::string_view value, const Chip& other) {
  return {
      ErrorCode::invalid_argument,
      fmt::format("{}:1: {} \"{}\" is also in {}: each belongs to one chip",
                  text::quoted(chip.file), what, text::quoted(value), text::quoted(other.file))};
}

// Ids, aliases and NVML names must point to one chip each.
std::vector<Error> find_clashes(const std::vector<Chip>& chips) {
  std::vector<Error> out;
  std::unordered_map<std::string, const Chip*> plain;
  std::unordered_map<std::string_view, const Chip*> names;
  for (const Chip& chip : chips) {
    const auto [id, is_new] = plain.emplace(plain_name(chip.id), &chip);
    if (!is_new) out.push_back(clash(chip, "id", chip.id, *id->second));
  }
  for (const Chip& chip : chips) {
    for (const std::string& alias : chip.aliases) {
      const auto [row, is_new] = plain.emplace(plain_name(alias), &chip);
      if (!is_new) out.push_back(clash(chip, "alias", alias, *row->second));
    }
    for (const std::string& name : chip.nvml_names) {
      const auto [row, is_new] = names.emplace(name, &chip);
      if (!is_new) out.push_back(clash(chip, "NVML name", name, *row->second));
    }
  }
  return out;
}

Parsed parse_files(std::span<const text::NamedText> files) {
  Parsed out;
  for (const text::NamedText& file : files) {
    const auto tree = text::parse_toml(file);
    if (!tree) {
      out.errors.push_back(tree.error());
      continue;
    }
    text::Problems problems(file.name);
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

std::string plain_name(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_' || c == ' ') c = '-';
  }
  return out;
}

Catalog::Catalog(std::vector<Chip> chips) : chips_(std::move(chips)) {
  for (std::size_t i = 0; i < chips_.size(); ++i) {
    names_.emplace_back(plain_name(chips_[i].id), i);
    for (const std::string& alias : chips_[i].aliases) names_.emplace_back(plain_name(alias), i);
  }
  std::ranges::sort(names_);
}

Result<Catalog> Catalog::parse(std::span<const text::NamedText> files) {
  Parsed parsed = parse_files(files);
  if (!parsed.errors.empty()) return std::move(parsed.errors.front());
  return Catalog(std::move(parsed.chips));
}

std::vector<Error> Catalog::check(std::span<const text::NamedText> files) {
  return parse_files(files).errors;
}

Result<Catalog> Catalog::overlaid_with(std::span<const text::NamedText> files) const {
  TRY_ASSIGN(Catalog over, parse(files));
  std::vector<Chip> chips;
  // set_union keeps the first range's chip of each id that both have.
  std::ranges::set_union(over.chips_, chips_, std::back_inserter(chips), {}, &Chip::id, &Chip::id);
  std::vector<Error> clashes = find_clashes(chips);
  if (!clashes.empty()) return std::move(clashes.front());
  return Catalog(std::move(chips));
}

const Chip* Catalog::find(std::string_view name) const {
  const std::string plain = plain_name(name);
  const auto at =
      std::ranges::lower_bound(names_, plain, {}, &std::pair<std::string, std::size_t>::first);
  if (at != names_.end() && at->first == plain) return &chips_[at->second];
  const auto called = [&](const std::string& whole) { return plain_name(whole) == plain; };
  const auto board = std::ranges::find_if(chips_, [&](const Chip& chip) {
    return called(chip.name) || std::ranges::any_of(chip.nvml_names, called);
  });
  return board == chips_.end() ? nullptr : &*board;
}

const Chip* Catalog::match_nvml_name(std::string_view name) const {
  for (const Chip& chip : chips_) {
    if (std::ranges::find(chip.nvml_names, name) != chip.nvml_names.end()) return &chip;
  }
  return nullptr;
}

std::vector<std::string> Catalog::nearest(std::string_view name, std::size_t count) const {
  std::vector<std::string> names;
  names.reserve(names_.size());
  for (const auto& [plain, at] : names_) names.push_back(plain);
  std::vector<std::string> ids;
  for (const std::string& near : text::nearest_of(plain_name(name), names, names.size())) {
    const std::string& id = find(near)->id;
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  }
  if (ids.size() > count) ids.resize(count);
  return ids;
}

}  // namespace assay::catalog

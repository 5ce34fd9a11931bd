// SPDX-License-Identifier: Apache-2.0
#include "assay/model/library.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "assay/model/model_file.hpp"
#include "assay/model/precision.hpp"
#include "assay/text/nearest.hpp"
#include "assay/text/toml_tree.hpp"
#include "assay_model_embedded.hpp"

namespace assay::model {
namespace {

std::string normalized(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    return c == '_' || c == ' ' ? '-' : c;
  });
  return out;
}

struct Parsed {
  std::vector<Entry> entries;
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
    Entry entry = read_model_file(*tree, file.name, problems);
    if (problems.empty()) {
      out.entries.push_back(std::move(entry));
    } else {
      std::ranges::move(problems.errors(), std::back_inserter(out.errors));
    }
  }
  std::ranges::stable_sort(out.entries, {}, &Entry::id);
  return out;
}

}  // namespace

Status Library::index() {
  names_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    std::vector<Variant> names{{entry.id, ""}};
    for (const std::string& alias : entry.aliases) names.push_back({alias, ""});
    std::ranges::copy(entry.variants, std::back_inserter(names));
    for (const Variant& name : names) {
      const auto [row, is_new] =
          names_.try_emplace(normalized(name.alias), Place{i, name.precision});
      if (is_new) continue;
      return Error{ErrorCode::invalid_argument,
                   fmt::format("{}:1: the name \"{}\" is also in {}: each belongs to one model",
                               text::quoted(entry.file), text::quoted(name.alias),
                               text::quoted(entries_[row->second.entry].file))};
    }
  }
  return {};
}

Result<Library> Library::parse(std::span<const text::NamedText> files) {
  Parsed parsed = parse_files(files);
  if (!parsed.errors.empty()) return parsed.errors.front();
  Library out;
  out.entries_ = std::move(parsed.entries);
  TRY(out.index());
  return out;
}

std::vector<Error> Library::check(std::span<const text::NamedText> files) {
  Parsed parsed = parse_files(files);
  Library sound;
  sound.entries_ = std::move(parsed.entries);
  if (const Status unique = sound.index(); !unique) parsed.errors.push_back(unique.error());
  return std::move(parsed.errors);
}

const Library::Place* Library::place_of(std::string_view name) const {
  const std::string whole = normalized(name);
  auto found = names_.find(whole);
  if (found == names_.end()) found = names_.find(whole.substr(whole.rfind('/') + 1));
  return found == names_.end() ? nullptr : &found->second;
}

const Entry* Library::entry(std::string_view name) const {
  const Place* place = place_of(name);
  return place == nullptr ? nullptr : &entries_[place->entry];
}

Result<Model> Library::find(std::string_view name) const {
  if (const Place* place = place_of(name)) {
    return with_precision(entries_[place->entry].model, place->precision);
  }
  const std::vector<std::string> close = nearest(name);
  return Error{
      ErrorCode::not_found,
      fmt::format("no model is called \"{}\": {}", text::quoted(name),
                  close.empty()
                      ? std::string("name one of the library, or give the path of its config.json")
                      : fmt::format("did you mean {}?", fmt::join(close, ", ")))};
}

std::vector<std::string> Library::nearest(std::string_view name, std::size_t count) const {
  std::vector<std::string> known;
  known.reserve(names_.size());
  for (const Entry& entry : entries_) known.push_back(entry.id);
  for (const auto& [alias, place] : names_) known.push_back(alias);
  std::vector<std::string> out;
  // Several aliases of one model say nothing new.
  for (const std::string& close : text::nearest_of(normalized(name), known, known.size())) {
    const Place* place = place_of(close);
    if (place == nullptr) continue;
    const std::string& id = entries_[place->entry].id;
    if (std::ranges::find(out, id) == out.end()) out.push_back(id);
    if (out.size() == count) break;
  }
  return out;
}

void Library::add(std::string name, Model model) {
  model.name = name;
  const std::string key = normalized(name);
  const auto held = names_.find(key);
  if (held != names_.end() && held->second.precision.empty()) {
    entries_[held->second.entry].model = std::move(model);
    return;
  }
  Entry entry{.id = std::move(name), .file = model.source, .model = std::move(model)};
  entries_.push_back(std::move(entry));
  names_.insert_or_assign(key, Place{entries_.size() - 1, ""});
}

std::vector<text::NamedText> embedded_model_files() {
  std::vector<text::NamedText> out;
  for (const EmbeddedFile& file : embedded_files()) out.push_back({file.path, file.bytes});
  return out;
}

Result<Library> embedded_library() {
  const std::vector<text::NamedText> files = embedded_model_files();
  return Library::parse(files);
}

}  // namespace assay::model

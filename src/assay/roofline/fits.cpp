// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/fits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "assay_roofline_embedded.hpp"

namespace assay::roofline {

Result<Fits> Fits::builtin() {
  std::vector<text::NamedText> files;
  for (const EmbeddedFile& file : embedded_files()) files.push_back({file.path, file.bytes});
  return parse(files);
}

// What `assay plan fit` writes, and nothing else does.
Result<Fits> Fits::prior() {
  constexpr std::array kWritten = {std::string_view("fits/curves.toml"),
                                   std::string_view("fits/engines.toml"),
                                   std::string_view("fits/spreads.toml")};
  std::vector<text::NamedText> files;
  for (const EmbeddedFile& file : embedded_files())
    if (std::ranges::find(kWritten, file.path) == kWritten.end())
      files.push_back({file.path, file.bytes});
  return parse(files);
}

Result<EngineProfile> Fits::engine(std::string_view name) const {
  const auto found = std::ranges::find(engines_, name, &EngineProfile::name);
  if (found != engines_.end()) return *found;
  std::vector<std::string> names;
  for (const EngineProfile& each : engines_) names.push_back(each.name);
  return Error{ErrorCode::not_found,
               fmt::format("there is no engine profile called \"{}\"; take one of {}", name,
                           fmt::join(names, ", "))};
}

Result<EngineProfile> Fits::engine(std::string_view name, std::string_view version) const {
  const auto serves = [&](const EngineProfile& each) {
    return each.of == name && std::ranges::any_of(each.versions, [&](const std::string& start) {
             return version.starts_with(start);
           });
  };
  const auto found = std::ranges::find_if(engines_, serves);
  if (found != engines_.end()) return *found;
  return engine(name);
}

Result<const ChipClass*> Fits::class_of(const catalog::Chip& chip) const {
  const auto holds = [](const auto& all, const auto& one) {
    return std::ranges::find(all, one) != all.end();
  };
  auto found = std::ranges::find_if(
      classes_, [&](const ChipClass& each) { return holds(each.chips, chip.id); });
  if (found == classes_.end())
    found = std::ranges::find_if(classes_, [&](const ChipClass& each) {
      return holds(each.architectures, chip.architecture);
    });
  if (found == classes_.end())
    found = std::ranges::find_if(
        classes_, [&](const ChipClass& each) { return holds(each.kinds, chip.kind); });
  if (found != classes_.end()) return &*found;
  return Error{ErrorCode::not_supported,
               fmt::format("no curves stand for chips of kind {} ({}); add a class to "
                           "data/fits/classes.toml",
                           to_string(chip.kind), chip.id)};
}

const Spreads& Fits::spreads(Provenance provenance) const {
  return spreads_[static_cast<std::size_t>(provenance)];
}

Spreads& Fits::mutable_spreads(Provenance provenance) {
  return spreads_[static_cast<std::size_t>(provenance)];
}

}  // namespace assay::roofline

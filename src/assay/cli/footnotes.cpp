// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/footnotes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::cli {

std::string cited(std::string_view text, std::string_view url, int width, int indent) {
  if (url.empty()) return wrap(text, width, indent);
  if (indent + columns(url) <= width) return wrap(fmt::format("{} {}", text, url), width, indent);
  return fmt::format("{}\n{}", wrap(text, width, indent), url);
}

std::string Footnotes::mark(const catalog::Source& source, catalog::Confidence confidence) {
  const auto same = [&](const Note& note) {
    return note.source.title == source.title && note.source.date == source.date &&
           note.confidence == confidence;
  };
  auto at = std::ranges::find_if(notes_, same);
  if (at == notes_.end()) at = notes_.insert(notes_.end(), Note{source, confidence});
  return fmt::format("[{}]", at - notes_.begin() + 1);
}

std::string Footnotes::text(const Style& style) const {
  std::string out;
  for (std::size_t i = 0; i < notes_.size(); ++i) {
    const auto& [source, confidence] = notes_[i];
    std::string note = fmt::format("[{}] {}, {}", i + 1, source.title, source.date);
    if (confidence != catalog::Confidence::verified) {
      note += fmt::format(" ({})", catalog::to_string(confidence));
    }
    out += paint(style, Tone::faint, cited(note, source.url, style.width, 2)) + "\n";
  }
  return out;
}

}  // namespace assay::cli

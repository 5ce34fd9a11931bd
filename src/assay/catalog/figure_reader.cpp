// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/figure_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "assay/text/nearest.hpp"

namespace assay::catalog {
namespace {

std::optional<Confidence> parse_confidence(std::string_view text) {
  for (const Confidence c : {Confidence::verified, Confidence::partial, Confidence::recalled}) {
    if (to_string(c) == text) return c;
  }
  return std::nullopt;
}

// The confidence of a table, `otherwise` where it states none.
Confidence read_confidence(text::TomlTable& table, Confidence otherwise) {
  const text::TomlNode* node = table.get("confidence");
  if (node == nullptr) return otherwise;
  const auto parsed = parse_confidence(node->text);
  if (node->kind != text::TomlNode::Kind::string || !parsed) {
    table.problem(*node, "confidence must be \"verified\", \"partial\" or \"recalled\"");
    return otherwise;
  }
  return *parsed;
}

// YYYY, YYYY-MM or YYYY-MM-DD, of this or the last century.
bool is_date(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  std::array<int, 3> parts{0, 1, 1};
  std::size_t part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      if (text[i] != '-') return false;
      parts[++part] = 0;
    } else if (text[i] < '0' || text[i] > '9') {
      return false;
    } else {
      parts[part] = parts[part] * 10 + (text[i] - '0');
    }
  }
  return parts[0] >= 1900 && parts[0] < 2100 && parts[1] >= 1 && parts[1] <= 12 && parts[2] >= 1 &&
         parts[2] <= 31;
}

Source read_source(const text::TomlNode& node, text::Problems& problems) {
  Source out;
  out.id = node.key;
  text::TomlTable table(node, fmt::format("[sources.{}]", text::quoted(node.key)), problems);
  out.title = table.need_text("title");
  out.url = table.text("url");
  if (!out.url.empty() && !out.url.starts_with("https://") && !out.url.starts_with("http://")) {
    table.problem(*table.get("url"), "url must start with https:// or http://");
  }
  out.date = table.need_text("date");
  if (!out.date.empty() && !is_date(out.date)) {
    table.problem(
        *table.get("date"),
        fmt::format("date \"{}\" must read YYYY, YYYY-MM or YYYY-MM-DD", text::quoted(out.date)));
  }
  if (table.need("confidence") != nullptr) {
    out.confidence = read_confidence(table, Confidence::recalled);
  }
  table.finish();
  return out;
}

}  // namespace

std::vector<Source> read_sources(text::TomlTable& top, text::Problems& problems) {
  std::vector<Source> out;
  const text::TomlNode* node = top.need("sources");
  if (node == nullptr) return out;
  if (node->kind != text::TomlNode::Kind::table) {
    top.problem(*node,
                fmt::format("sources is {}: write a table, [sources.<id>]", describe(node->kind)));
    return out;
  }
  for (const text::TomlNode& child : node->children) {
    if (child.kind == text::TomlNode::Kind::table) {
      out.push_back(read_source(child, problems));
    } else {
      problems.add(child.line,
                   fmt::format("source \"{}\" is {}: write {{title, url, date, confidence}}",
                               text::quoted(child.key), describe(child.kind)));
    }
  }
  return out;
}

std::optional<Origin> FigureReader::origin(text::TomlTable& table, bool needed) {
  const text::TomlNode* node = table.get("source");
  if (node == nullptr) {
    if (needed) {
      table.problem_here(
          fmt::format("{} is missing: a figure without a source is refused; add "
                      "source = \"<id in [sources]>\"",
                      table.place("source")));
    }
    return std::nullopt;
  }
  const auto found = std::ranges::find(sources_, node->text, &Source::id);
  if (node->kind != text::TomlNode::Kind::string || found == sources_.end()) {
    std::vector<std::string> ids;
    ids.reserve(sources_.size());
    for (const Source& s : sources_) ids.push_back(s.id);
    const auto guess = text::nearest_of(node->text, ids, 1);
    table.problem(
        *node,
        fmt::format("source \"{}\" is not in [sources]: {}", text::quoted(node->text),
                    guess.empty() ? std::string("add it there")
                                  : fmt::format("did you mean \"{}\"?", text::quoted(guess[0]))));
    return std::nullopt;
  }
  const auto index = static_cast<std::size_t>(found - sources_.begin());
  used_[index] = true;
  const Confidence confidence = read_confidence(table, found->confidence);
  if (confidence < found->confidence) {
    table.problem(
        *table.get("confidence"),
        fmt::format("confidence \"{}\" is above that of its source \"{}\": a figure is no "
                    "surer than where it is from",
                    to_string(confidence), text::quoted(found->id)));
  }
  return Origin{index, confidence};
}

std::optional<Origin> FigureReader::row_origin(text::TomlTable& row) { return origin(row, false); }
std::optional<Origin> FigureReader::need_row_origin(text::TomlTable& row) {
  return origin(row, true);
}

std::optional<Figure<double>> FigureReader::number(text::TomlTable& table, std::string_view key,
                                                   const std::optional<Origin>& row) {
  const text::TomlNode* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  const std::string place = table.place(key);
  if (node->kind != text::TomlNode::Kind::table) {
    if (!text::sound_number(*node, place, problems_)) return std::nullopt;
    if (row) return Figure<double>{node->number, row->source, row->confidence};
    table.problem(*node, fmt::format("{} has no source: write {} = {{value = {}, source = \"<id "
                                     "in [sources]>\"}}",
                                     place, key, node->number));
    return std::nullopt;
  }
  text::TomlTable figure(*node, place, problems_);
  const text::TomlNode* value = figure.need("value");
  const auto from = origin(figure, true);
  const bool sound = value != nullptr && text::sound_number(*value, place, problems_);
  if (!from) static_cast<void>(figure.get("confidence"));
  figure.finish();
  if (!sound || !from) return std::nullopt;
  return Figure<double>{value->number, from->source, from->confidence};
}

std::optional<Figure<int>> FigureReader::whole(text::TomlTable& table, std::string_view key,
                                               const std::optional<Origin>& row) {
  const auto plain = number(table, key, row);
  if (!plain) return std::nullopt;
  const int value = static_cast<int>(plain->value);
  if (static_cast<double>(value) != plain->value) {
    table.problem(*table.get(key),
                  fmt::format("{} = {} must be a whole number", table.place(key), plain->value));
    return std::nullopt;
  }
  return Figure<int>{value, plain->source, plain->confidence};
}

std::vector<Source> FigureReader::finish(const text::TomlNode* node) {
  if (node == nullptr) return std::move(sources_);
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (used_[i]) continue;
    const auto at = std::ranges::find(node->children, sources_[i].id, &text::TomlNode::key);
    problems_.add(
        at == node->children.end() ? node->line : at->line,
        fmt::format("source \"{}\" is used by no figure: remove it", text::quoted(sources_[i].id)));
  }
  return std::move(sources_);
}

}  // namespace assay::catalog

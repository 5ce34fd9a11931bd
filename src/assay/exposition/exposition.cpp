// SPDX-License-Identifier: Apache-2.0
#include "assay/exposition/exposition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace assay::exposition {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What is left of one line. Every reader leaves it where it stopped, also when it fails.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
  [[nodiscard]] bool done() const { return rest_.empty(); }

  // Empty where none starts here. Only metrics' names may hold colons.
  std::string_view name(bool colons) {
    std::size_t n = 0;
    while (n < rest_.size() &&
           (is_letter(rest_[n]) || (colons && rest_[n] == ':') || (n > 0 && is_digit(rest_[n]))))
      ++n;
    return cut(n);
  }
  std::string_view word() {
    const std::size_t n = std::min(rest_.find_first_of(" \t"), rest_.size());
    return cut(n);
  }
  std::optional<std::string> quoted() {
    if (!take('"')) return std::nullopt;
    std::string value;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return value;
      if (c != '\\') {
        value += c;
        continue;
      }
      if (rest_.empty()) return std::nullopt;
      const char escaped = rest_.front();
      rest_.remove_prefix(1);
      if (escaped == 'n') value += '\n';
      else if (escaped == '\\' || escaped == '"') value += escaped;
      else (value += '\\') += escaped;  // as Prometheus' own reader has it
    }
    return std::nullopt;
  }

 private:
  std::string_view cut(std::size_t n) {
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  std::string_view rest_;
};

std::optional<double> number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  if (word.empty() || word.starts_with('+')) return std::nullopt;
  double value = 0;
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (end != word.data() + word.size()) return std::nullopt;
  // Beyond a double's range: still a number, of which nothing more than this can be kept.
  if (code == std::errc::result_out_of_range) return word.front() == '-' ? -0.0 : 0.0;
  return code == std::errc() ? std::optional(value) : std::nullopt;
}

bool read_labels(Line& line, Labels& labels) {
  if (!line.take('{')) return true;
  for (;;) {
    line.skip_blanks();
    if (line.take('}')) return true;
    const std::string_view name = line.name(false);
    line.skip_blanks();
    if (name.empty() || !line.take('=')) return false;
    line.skip_blanks();
    std::optional<std::string> value = line.quoted();
    if (!value) return false;
    labels.push_back({std::string(name), *std::move(value)});
    line.skip_blanks();
    if (!line.take(',') && !line.at('}')) return false;
  }
}

bool read_name_and_labels(Line& line, std::string& name, Labels& labels) {
  name = line.name(true);
  if (name.empty()) return false;
  line.skip_blanks();
  return read_labels(line, labels);
}

// A timestamp is a number; what stands behind a '#' is an exemplar.
bool ends_well(Line& line) {
  line.skip_blanks();
  if (line.done() || line.at('#')) return true;
  if (!number(line.word())) return false;
  line.skip_blanks();
  return line.done() || line.at('#');
}

std::optional<Point> read_point(std::string_view text) {
  Line line(text);
  Point point;
  if (!read_name_and_labels(line, point.name, point.labels)) return std::nullopt;
  line.skip_blanks();
  const std::optional<double> value = number(line.word());
  if (!value || !ends_well(line)) return std::nullopt;
  point.value = *value;
  return point;
}

void read_comment(std::string_view text, Scrape& scrape) {
  Line line(text.substr(1));
  line.skip_blanks();
  if (line.word() != "TYPE") return;
  line.skip_blanks();
  const std::string_view family = line.word();
  line.skip_blanks();
  const std::string_view kind = line.word();
  static constexpr std::array<std::pair<std::string_view, Kind>, 4> kKinds = {
      {{"counter", Kind::counter},
       {"gauge", Kind::gauge},
       {"histogram", Kind::histogram},
       {"summary", Kind::summary}}};
  const auto* found = std::ranges::find(kKinds, kind, &std::pair<std::string_view, Kind>::first);
  scrape.kinds.insert_or_assign(std::string(family),
                                found == kKinds.end() ? Kind::untyped : found->second);
}

// The beginning of a bad line for a message: printable ASCII only.
std::string shown(std::string_view line) {
  std::string text(line.substr(0, 40));
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return line.size() > 40 ? text + "..." : text;
}

void escape(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\n') out += "\\n";
    else if (c == '"' || c == '\\') (out += '\\') += c;
    else out += c;
  }
}

}  // namespace

std::string_view label(const Labels& labels, std::string_view name) {
  const auto found = std::ranges::find(labels, name, &Label::name);
  return found == labels.end() ? std::string_view() : std::string_view(found->value);
}

Kind Scrape::kind_of(std::string_view family) const {
  const auto found = kinds.find(family);
  return found == kinds.end() ? Kind::untyped : found->second;
}

Result<Scrape> parse(std::string_view text) {
  Scrape scrape;
  for (std::size_t count = 1; !text.empty(); ++count) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    line.remove_prefix(first);
    if (line.front() == '#') {
      if (line == "# EOF") break;
      read_comment(line, scrape);
      continue;
    }
    std::optional<Point> point = read_point(line);
    if (!point)
      return Error{ErrorCode::corrupt,
                   fmt::format("line {}: \"{}\" is no sample of Prometheus' text format", count,
                               shown(line))};
    if (scrape.points.size() == kMostPoints)
      return Error{ErrorCode::corrupt, fmt::format("more than {} samples", kMostPoints)};
    scrape.points.push_back(*std::move(point));
  }
  if (scrape.points.empty()) return Error{ErrorCode::corrupt, "there is not one sample in it"};
  return scrape;
}

bool Selector::matches(const Point& point) const {
  return point.name == name && std::ranges::all_of(labels, [&](const Label& wanted) {
           return label(point.labels, wanted.name) == wanted.value;
         });
}

Result<Selector> parse_selector(std::string_view text) {
  Line line(text);
  Selector selector;
  if (!read_name_and_labels(line, selector.name, selector.labels) || !line.done())
    return Error{ErrorCode::invalid_argument,
                 fmt::format("\"{}\" is no name{{label=\"value\"}}", shown(text))};
  return selector;
}

std::string to_text(std::string_view name, const Labels& labels) {
  std::string out(name);
  for (const Label& each : labels) {
    out += fmt::format("{}{}=\"", out.size() == name.size() ? '{' : ',', each.name);
    escape(out, each.value);
    out += '"';
  }
  return labels.empty() ? out : out + '}';
}

}  // namespace assay::exposition

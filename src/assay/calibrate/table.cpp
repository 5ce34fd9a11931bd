// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace assay::calibrate {
namespace {

// One record at a time; a record may span lines inside quotes.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] std::size_t line() const { return line_; }
  [[nodiscard]] bool unclosed() const { return unclosed_; }

  std::vector<std::string> record() {
    std::vector<std::string> fields;
    do fields.push_back(field());
    while (take(','));
    take('\r');
    if (take('\n')) ++line_;
    return fields;
  }

 private:
  bool take(char wanted) {
    if (at_end() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  std::string field() {
    if (!take('"')) {
      const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
      return std::string(text_.substr(std::exchange(at_, end), end - at_));
    }
    std::string out;
    while (!at_end()) {
      const char c = text_[at_++];
      if (c == '"' && !take('"')) return out;
      if (c == '\n') ++line_;
      out += c;
    }
    unclosed_ = true;
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  bool unclosed_ = false;
};

}  // namespace

Result<Table> Table::parse(const text::NamedText& file) {
  const auto wrong = [&](std::size_t line, std::string what) {
    return Error{ErrorCode::invalid_argument, fmt::format("{}:{}: {}", file.name, line, what)};
  };
  Reader reader(file.text);
  if (reader.at_end())
    return wrong(1, "the file is empty; a header with the columns' names must stand first");
  Table table;
  table.file_ = file.name;
  table.names_ = reader.record();
  for (auto name = table.names_.begin(); name != table.names_.end(); ++name)
    if (std::find(table.names_.begin(), name, *name) != name)
      return wrong(1, fmt::format("the column \"{}\" stands twice", *name));
  while (!reader.at_end()) {
    const std::size_t line = reader.line();
    std::vector<std::string> fields = reader.record();
    if (fields.size() == 1 && fields.front().empty()) continue;
    if (reader.unclosed()) return wrong(line, "a quote is opened and never closed");
    if (fields.size() != table.names_.size())
      return wrong(line, fmt::format("{} fields where the header names {}", fields.size(),
                                     table.names_.size()));
    std::ranges::move(fields, std::back_inserter(table.cells_));
    table.lines_.push_back(line);
  }
  return table;
}

std::optional<std::size_t> Table::column(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

Result<std::size_t> Table::need(std::string_view name) const {
  if (const auto found = column(name)) return *found;
  return Error{ErrorCode::invalid_argument,
               fmt::format("{}: the header lacks the column \"{}\"", file_, name)};
}

std::optional<double> Table::number(std::size_t row, std::size_t column) const {
  const std::string& cell = text(row, column);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (cell.empty() || error != std::errc{} || end != cell.data() + cell.size() ||
      !std::isfinite(value))
    return std::nullopt;
  return value;
}

}  // namespace assay::calibrate

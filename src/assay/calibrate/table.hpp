// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/text/named_text.hpp"

namespace assay::calibrate {

// A CSV file with a header (RFC 4180: quoted fields may hold commas, quotes and line ends).
class Table {
 public:
  // Error: invalid_argument for an empty file, a name that stands twice in the header, a row that
  // is longer or shorter than the header, or a quote that never closes; says the line.
  static Result<Table> parse(const text::NamedText& file);

  [[nodiscard]] std::size_t rows() const { return lines_.size(); }
  // The column's index; nothing where the header lacks it.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
  // The same. Error: invalid_argument naming the file and the column.
  [[nodiscard]] Result<std::size_t> need(std::string_view name) const;
  [[nodiscard]] const std::string& text(std::size_t row, std::size_t column) const {
    return cells_[row * names_.size() + column];
  }
  // A finite number; nothing where the cell is empty or no number.
  [[nodiscard]] std::optional<double> number(std::size_t row, std::size_t column) const;
  // Where the row starts in the file, from 1.
  [[nodiscard]] std::size_t line(std::size_t row) const { return lines_[row]; }

 private:
  std::string file_;
  std::vector<std::string> names_;
  std::vector<std::string> cells_;
  std::vector<std::size_t> lines_;
};

}  // namespace assay::calibrate

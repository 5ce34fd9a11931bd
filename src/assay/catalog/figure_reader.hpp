// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/catalog/chip.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::catalog {

// Where a figure is from and how sure it is.
struct Origin {
  std::size_t source = 0;
  Confidence confidence = Confidence::verified;
};

// Reads figures and holds each to having a source. A figure is {value = 700, source = "id"}, or a
// bare number in a table whose own `source` covers all its figures.
class FigureReader {
 public:
  FigureReader(std::vector<Source> sources, text::Problems& problems)
      : sources_(std::move(sources)), used_(sources_.size(), false), problems_(problems) {}

  // The `source` (and optional `confidence`) of a row. Nothing, and no problem, where the row has
  // no source of its own: then each of its figures needs one.
  std::optional<Origin> row_origin(text::TomlTable& row);
  // The same, and a problem where it is absent.
  std::optional<Origin> need_row_origin(text::TomlTable& row);

  std::optional<Figure<double>> number(text::TomlTable& table, std::string_view key,
                                       const std::optional<Origin>& row = std::nullopt);
  // The same for whole numbers up to 2^31.
  std::optional<Figure<int>> whole(text::TomlTable& table, std::string_view key,
                                   const std::optional<Origin>& row = std::nullopt);
  // number() turned into a unit: quantity(table, "l2_mib", mib).
  template <typename Make>
  auto quantity(text::TomlTable& table, std::string_view key, Make make,
                const std::optional<Origin>& row = std::nullopt)
      -> std::optional<Figure<decltype(make(0.0))>> {
    const auto plain = number(table, key, row);
    if (!plain) return std::nullopt;
    return Figure<decltype(make(0.0))>{make(plain->value), plain->source, plain->confidence};
  }

  // Gives the sources up to the chip. Reports each that no figure used, by its line in the
  // [sources] table `node`; not where node is null: after other problems that is only an echo.
  std::vector<Source> finish(const text::TomlNode* node);

 private:
  std::optional<Origin> origin(text::TomlTable& table, bool needed);

  std::vector<Source> sources_;
  std::vector<bool> used_;
  text::Problems& problems_;
};

// The [sources] table: id -> {title, url?, date, confidence}.
std::vector<Source> read_sources(text::TomlTable& top, text::Problems& problems);

}  // namespace assay::catalog

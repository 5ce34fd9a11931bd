// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "assay/catalog/chip.hpp"

// Chips side by side: each figure with its source, and its ratio to the first chip's.
namespace assay::catalog {

// What a figure matters to in serving a language model.
enum class Aspect {
  prefill,   // compute: dense peaks
  decode,    // memory bandwidth
  capacity,  // what fits
  links,     // to other chips
  power,
  money,
};

// Base units: operations a second, bytes, watts, dollars, and quotients of them.
enum class RowUnit {
  flops_per_second,
  bytes_per_second,
  bytes,
  watts,
  dollars_per_hour,
  dollars,
  flops_per_joule,
  bytes_per_joule,
  flops_per_byte,
  flops_per_dollar,  // of rental
  bytes_per_dollar,  // of rental
};

struct Cell {
  std::optional<double> value;
  // Whence it is; nullptr of what is absent or derived from two figures. Lives as long as the chip.
  const Source* source = nullptr;
  Confidence confidence = Confidence::verified;  // of a derived value: the less sure of its two
  std::optional<double> ratio;  // to the first chip's; nothing where either is unknown
};

enum class Better { more, less, neither };

struct Row {
  std::string_view id;     // for programs, e.g. "bandwidth"
  std::string_view label;  // for people
  Aspect aspect = Aspect::prefill;
  RowUnit unit = RowUnit::bytes;
  Better better = Better::more;
  bool derived = false;
  std::vector<Cell> cells;  // one a chip, in the order asked for
};

// Rows in reading order; those that no chip has a figure for are left out. The result points into
// the chips, which must outlive it.
std::vector<Row> compare(std::span<const Chip* const> chips);

// The row of this id, or nullptr.
const Row* row_of(std::span<const Row> rows, std::string_view id);

std::string_view to_string(Aspect value);
std::string_view to_string(RowUnit value);

}  // namespace assay::catalog

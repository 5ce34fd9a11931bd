// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "assay/text/toml_table.hpp"

// Numbers of a scenario within bounds that keep all that is computed from them finite.
namespace assay::sim {

struct Bounds {
  double least = 0;
  double most = 1e9;
};

// The number at `key`; nothing, and a problem with its line, where it is none or out of bounds;
// nothing without a problem where it is absent.
std::optional<double> number(text::TomlTable& table, std::string_view key, Bounds bounds);
std::optional<std::int64_t> whole(text::TomlTable& table, std::string_view key, Bounds bounds);
bool flag(text::TomlTable& table, std::string_view key);

// Nanoseconds from a key in seconds or microseconds, at most 30 years.
std::optional<std::int64_t> seconds(text::TomlTable& table, std::string_view key);
std::optional<std::int64_t> microseconds(text::TomlTable& table, std::string_view key);

}  // namespace assay::sim

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "assay/text/toml_table.hpp"

// Numbers of a model file, within bounds that keep all that is computed from them finite. Each
// reports its own problem, with its line, and gives nothing where the key is absent or bad.
namespace assay::model {

// A whole number from 1 to 2^28.
std::optional<int> count(text::TomlTable& table, std::string_view key, text::Problems& problems);
// The same, needed; 1 after a problem.
int need_count(text::TomlTable& table, std::string_view key, text::Problems& problems);
// false where absent.
bool flag(text::TomlTable& table, std::string_view key);
// Billions, as elements.
std::optional<double> billions(text::TomlTable& table, std::string_view key,
                               text::Problems& problems);

}  // namespace assay::model

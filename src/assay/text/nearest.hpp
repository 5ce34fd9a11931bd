// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::text {

// Insertions, deletions and substitutions that turn one into the other (Levenshtein), by bytes,
// ASCII case ignored.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidates nearest to word, nearest first, at most count; ties in the candidates' order.
// Those that share less than half with the word are left out: a wild guess helps nobody. Words
// over 100 bytes get none.
std::vector<std::string> nearest_of(std::string_view word, std::span<const std::string> candidates,
                                    std::size_t count);

}  // namespace assay::text

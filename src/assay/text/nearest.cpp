// SPDX-License-Identifier: Apache-2.0
#include "assay/text/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace assay::text {
namespace {

constexpr std::size_t kMaxWord = 100;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::vector<std::string> nearest_of(std::string_view word, std::span<const std::string> candidates,
                                    std::size_t count) {
  std::vector<std::pair<std::size_t, const std::string*>> ranked;
  if (word.size() > kMaxWord) return {};
  for (const std::string& candidate : candidates) {
    // A prefix is what people type of a long id: "h100" means "h100-sxm5-80gb".
    const bool prefix = word.size() >= 2 && word.size() < candidate.size() &&
                        edit_distance(word, candidate.substr(0, word.size())) == 0;
    const std::size_t distance = prefix ? 1 : edit_distance(word, candidate);
    if (distance * 2 <= std::max(word.size(), candidate.size())) {
      ranked.emplace_back(distance, &candidate);
    }
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<std::size_t, const std::string*>::first);
  std::vector<std::string> out;
  for (const auto& [distance, candidate] : ranked) {
    if (out.size() == count) break;
    if (std::ranges::find(out, *candidate) == out.end()) out.push_back(*candidate);
  }
  return out;
}

}  // namespace assay::text

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>

#include "assay/cli/diff_report.hpp"

namespace assay::cli {
namespace {

contrast::Claim claim_of(const KernelTotal& a, const KernelTotal& b) {
  if (a.launches == 0 || b.launches == 0) return contrast::Claim::unknown;
  if (a.longest_s < b.shortest_s) return contrast::Claim::more;
  return b.longest_s < a.shortest_s ? contrast::Claim::less : contrast::Claim::same;
}

}  // namespace

std::vector<KernelTotal> kernels_of(const sample::KernelTable& table) {
  std::map<std::string, KernelTotal> by_name;
  for (const sample::KernelRow& row : table.rows) {
    const auto launches =
        static_cast<std::int64_t>(std::llround(static_cast<double>(row.launches) * table.scale));
    const KernelTotal one{row.signature.name, launches, row.total.value() * table.scale,
                          row.shortest.value(), row.longest.value()};
    const auto [at, is_new] = by_name.try_emplace(one.name, one);
    if (is_new) continue;
    KernelTotal& sum = at->second;
    sum.launches += one.launches;
    sum.total_s += one.total_s;
    sum.shortest_s = std::min(sum.shortest_s, one.shortest_s);
    sum.longest_s = std::max(sum.longest_s, one.longest_s);
  }
  std::vector<KernelTotal> out;
  for (auto& [name, kernel] : by_name) out.push_back(std::move(kernel));
  std::ranges::stable_sort(out, std::greater<>{}, &KernelTotal::total_s);
  return out;
}

std::vector<KernelPair> kernel_pairs(const std::vector<KernelTotal>& a,
                                     const std::vector<KernelTotal>& b) {
  std::vector<KernelPair> pairs;
  for (const KernelTotal& kernel : a) pairs.push_back({.a = kernel});
  for (const KernelTotal& kernel : b) {
    const auto known = std::ranges::find_if(
        pairs, [&](const KernelPair& pair) { return pair.a && pair.a->name == kernel.name; });
    if (known == pairs.end()) {
      pairs.push_back({.b = kernel});
      continue;
    }
    known->b = kernel;
    known->claim = claim_of(*known->a, kernel);
  }
  const auto longest = [](const KernelPair& pair) {
    return std::max(pair.a ? pair.a->total_s : 0, pair.b ? pair.b->total_s : 0);
  };
  std::ranges::stable_sort(pairs, std::greater<>{}, longest);
  return pairs;
}

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/held_out.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "assay/calibrate/kernel_fit.hpp"
#include "assay/calibrate/kernel_rows.hpp"
#include "assay/calibrate/power_fit.hpp"

namespace assay::calibrate {
namespace {

constexpr double kHeadDimension = 128;  // of Llama-2-70B; the table does not say it
constexpr double kBytes = 2;            // bf16

// One of a layer's products: k and n on one rank, from the columns of a row.
struct Product {
  std::string_view column;
  double k, n;
};

std::string by_rows(double rows) {
  if (rows <= 64) return "products, 1 to 64 rows";
  return rows <= 512 ? "products, 65 to 512 rows" : "products, over 512 rows";
}

struct VidurColumns {
  std::size_t tokens, ranks, heads, kv_heads, hidden, wide;
};

Result<VidurColumns> vidur_columns(const Table& table) {
  VidurColumns at{};
  TRY_ASSIGN(at.tokens, table.need("num_tokens"));
  TRY_ASSIGN(at.ranks, table.need("num_tensor_parallel_workers"));
  TRY_ASSIGN(at.heads, table.need("n_head"));
  TRY_ASSIGN(at.kv_heads, table.need("n_kv_head"));
  TRY_ASSIGN(at.hidden, table.need("n_embd"));
  TRY_ASSIGN(at.wide, table.need("n_expanded_embd"));
  return at;
}

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

Result<std::vector<Pair>> vidur_pairs(const Table& table, const catalog::Chip& chip,
                                      const roofline::Fits& fits) {
  TRY_ASSIGN(const VidurColumns at, vidur_columns(table));
  TRY_ASSIGN(const roofline::ChipRoof roof, roofline::chip_roof(chip, fits));
  std::vector<Pair> out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto tokens = table.number(row, at.tokens);
    const auto ranks = table.number(row, at.ranks);
    const auto heads = table.number(row, at.heads);
    const auto kv_heads = table.number(row, at.kv_heads);
    const auto hidden = table.number(row, at.hidden);
    const auto wide = table.number(row, at.wide);
    if (!tokens || !ranks || !heads || !kv_heads || !hidden || !wide || !(*ranks > 0)) continue;
    const std::array products = {
        Product{"time_stats.attn_pre_proj.median", *hidden,
                (*heads + 2 * *kv_heads) * kHeadDimension / *ranks},
        Product{"time_stats.attn_post_proj.median", *hidden / *ranks, *hidden},
        Product{"time_stats.mlp_up_proj.median", *hidden, 2 * *wide / *ranks},
        Product{"time_stats.mlp_down_proj.median", *wide / *ranks, *hidden}};
    for (const Product& each : products) {
      TRY_ASSIGN(const std::size_t column, table.need(each.column));
      const auto ms = table.number(row, column);
      if (!ms || *ms <= 0) continue;
      const ProductRow product{.chip = &chip,
                               .kin = {},
                               .rows = *tokens,
                               .bytes = kBytes * (each.k * each.n + *tokens * (each.k + each.n)),
                               .flops = 2 * each.k * each.n,
                               .seconds = *ms * 1e-3,
                               .bandwidth = roof.tiers.front().bandwidth.value(),
                               .peak = roof.product(Dtype::bf16).peak.value(),
                               .watts = {}};
      out.push_back(
          {chip.id, by_rows(*tokens), product.seconds, product_seconds(roof.curves, product)});
    }
  }
  return out;
}

Result<std::vector<Pair>> product_watts(const Table& table, const catalog::Catalog& chips,
                                        const roofline::Fits& fits) {
  constexpr double kSteady = 0.2e-3;  // seconds
  TRY_ASSIGN(const std::vector<ProductRow> rows, product_rows(table, chips, fits));
  std::vector<Pair> out;
  for (const ProductRow& row : rows) {
    if (!row.watts || *row.watts <= 0 || !row.chip->tdp) continue;
    TRY_ASSIGN(const roofline::ChipClass* kin, fits.class_of(*row.chip));
    const double part = part_of_tdp(kin->curves, row.bytes / row.seconds / row.bandwidth,
                                    row.flops * row.rows / row.seconds / row.peak);
    out.push_back({row.chip->id,
                   row.seconds >= kSteady ? "products of 0.2 ms and more" : "products under 0.2 ms",
                   *row.watts, part * row.chip->tdp->value.value()});
  }
  return out;
}

std::vector<PairScore> scores(const std::vector<Pair>& pairs) {
  std::map<std::pair<std::string, std::string>, std::vector<double>> errors;
  for (const Pair& pair : pairs)
    errors[{pair.chip, pair.group}].push_back(pair.predicted / pair.measured - 1);
  std::vector<PairScore> out;
  for (const auto& [name, off] : errors) {
    std::vector<double> size;
    double sum = 0;
    for (const double each : off) {
      size.push_back(std::abs(each));
      sum += std::abs(each);
    }
    out.push_back({name.first, name.second, off.size(), sum / static_cast<double>(off.size()),
                   median_of(size), median_of(off)});
  }
  return out;
}

}  // namespace assay::calibrate

// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/kernel_rows.hpp"

#include <array>

#include "assay/roofline/chip_roof.hpp"

namespace assay::calibrate {
namespace {

struct Precision {
  std::string_view name;
  Dtype dtype;
  double stored_bits;  // with scales
};
constexpr std::array kPrecisions = {
    Precision{"bfloat16", Dtype::bf16, 16}, Precision{"fp8", Dtype::fp8, 8},
    Precision{"fp8_block", Dtype::fp8, 8}, Precision{"nvfp4", Dtype::fp4, 4.5}};

// Below this the host's launch, not the kernel, was timed: see the half a millisecond of one row.
constexpr double kBlockRows = 1024;
// Where the catalog knows no last cache.
constexpr double kCacheBytes = 50e6;

std::optional<ProductRow> product_row(const Table& table, std::size_t row, std::size_t system,
                                      std::size_t dtype, const catalog::Catalog& chips,
                                      const roofline::Fits& fits) {
  const catalog::Chip* chip = chips.find(table.text(row, system));
  const Precision* precision = nullptr;
  for (const Precision& each : kPrecisions)
    if (each.name == table.text(row, dtype)) precision = &each;
  const auto number = [&](std::string_view name) {
    const auto column = table.column(name);
    return column ? table.number(row, *column) : std::nullopt;
  };
  const auto m = number("m");
  const auto n = number("n");
  const auto k = number("k");
  const auto ms = number("latency");
  if (chip == nullptr || precision == nullptr || !m || !n || !k || !ms || *ms <= 0) return {};
  if (precision->name == "fp8_block" && *m < kBlockRows) return {};
  const auto roof = roofline::chip_roof(*chip, fits);
  if (!roof.ok()) return {};
  const double each = precision->stored_bits / 8;
  const double weights = *n * *k * each;
  if (weights < (chip->l2 ? chip->l2->value.value() : kCacheBytes)) return {};
  // On chips that do not multiply what weights are stored in, the product is of the wider type.
  const roofline::ChipRoof::Product product = roof->product(precision->dtype);
  return ProductRow{chip,
                    fits.class_of(*chip).value()->name,
                    bits(product.dtype),
                    *m,
                    weights + *m * (*k * each + *n * 2),
                    2 * *n * *k,
                    *ms * 1e-3,
                    roof->tiers.front().bandwidth.value(),
                    product.peak.value(),
                    number("power")};
}

}  // namespace

Result<std::vector<ProductRow>> product_rows(const Table& table, const catalog::Catalog& chips,
                                             const roofline::Fits& fits) {
  TRY_ASSIGN(const std::size_t system, table.need("system"));
  TRY_ASSIGN(const std::size_t dtype, table.need("gemm_dtype"));
  for (const std::string_view name : {"m", "n", "k", "latency"}) TRY(table.need(name));
  std::vector<ProductRow> out;
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (auto read = product_row(table, row, system, dtype, chips, fits)) out.push_back(*read);
  return out;
}

Result<std::vector<AllReduceRow>> all_reduce_rows(const Table& table, const catalog::Catalog& chips,
                                                  const roofline::Fits& fits) {
  TRY_ASSIGN(const std::size_t system, table.need("system"));
  TRY_ASSIGN(const std::size_t source, table.need("src"));
  TRY_ASSIGN(const std::size_t operation, table.need("op_name"));
  TRY_ASSIGN(const std::size_t dtype, table.need("dtype"));
  TRY_ASSIGN(const std::size_t ranks, table.need("num_gpus"));
  TRY_ASSIGN(const std::size_t elements, table.need("message_size"));
  TRY_ASSIGN(const std::size_t latency, table.need("latency"));
  constexpr double kElementBytes = 2;
  std::vector<AllReduceRow> out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const catalog::Chip* chip = chips.find(table.text(row, system));
    const auto count = table.number(row, ranks);
    const auto size = table.number(row, elements);
    const auto ms = table.number(row, latency);
    if (chip == nullptr || table.text(row, operation) != "all_reduce" ||
        table.text(row, dtype) == "int8" || !count || !size || !ms || *ms <= 0)
      continue;
    const auto roof = roofline::chip_roof(*chip, fits);
    if (!roof.ok() || !roof->link) continue;
    out.push_back({fits.class_of(*chip).value()->name, table.text(row, source), *count,
                   *size * kElementBytes, roof->link->value(), *ms * 1e-3});
  }
  return out;
}

}  // namespace assay::calibrate

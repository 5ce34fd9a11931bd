// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/row_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "assay/catalog/dtypes.hpp"
#include "assay/text/word_reader.hpp"

namespace assay::catalog {
namespace {

constexpr std::array kEngines{Engine::vector, Engine::matrix};
constexpr std::array kAccumulators{Accumulator::fp64, Accumulator::fp32, Accumulator::fp16,
                                   Accumulator::int32};
constexpr std::array kRoles{LinkRole::host, LinkRole::scale_up, LinkRole::scale_out};

// A bare number of a row, whose source covers it.
std::optional<double> plain(text::TomlTable& row, std::string_view key, text::Problems& problems) {
  const text::TomlNode* node = row.get(key);
  if (node == nullptr || !text::sound_number(*node, row.place(key), problems)) return std::nullopt;
  return node->number;
}

template <typename T>
std::optional<PriceRange<T>> read_range(text::TomlTable& price, std::string_view key,
                                        FigureReader& figures, text::Problems& problems) {
  const text::TomlNode* node = price.get(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != text::TomlNode::Kind::table) {
    price.problem(*node, fmt::format("{} has no source: write {{low, typical, high, source}}",
                                     price.place(key)));
    return std::nullopt;
  }
  text::TomlTable row(*node, price.place(key), problems);
  PriceRange<T> out;
  const auto origin = figures.need_row_origin(row);
  if (!origin) static_cast<void>(row.get("confidence"));
  double least = 0;
  bool any = false;
  const std::array<std::pair<std::string_view, std::optional<T>*>, 3> slots{
      {{"low", &out.low}, {"typical", &out.typical}, {"high", &out.high}}};
  for (const auto& [name, slot] : slots) {
    const auto value = plain(row, name, problems);
    if (!value) continue;
    any = true;
    if (*value < least) row.problem_here("low, typical and high must not decrease");
    least = *value;
    *slot = T(*value);
  }
  if (!any) row.problem_here(fmt::format("{} has neither low, typical nor high", price.place(key)));
  row.finish();
  if (!origin || !any) return std::nullopt;
  out.source = origin->source;
  out.confidence = origin->confidence;
  return out;
}

}  // namespace

MemoryTier read_tier(const text::TomlNode& node, FigureReader& figures, text::Problems& problems) {
  text::TomlTable row(node, "[[memory]]", problems);
  MemoryTier out;
  out.technology = row.need_text("technology");
  const auto origin = figures.row_origin(row);
  const auto binary = figures.quantity(row, "capacity_gib", gib, origin);
  const auto decimal = figures.quantity(row, "capacity_gb", gigabytes, origin);
  if (binary && decimal) row.problem_here("give capacity_gib or capacity_gb, not both");
  out.capacity = binary ? binary : decimal;
  out.usable = figures.quantity(row, "usable_mib", mib, origin);
  out.bandwidth = figures.quantity(row, "bandwidth_gb_s", gigabytes_per_second, origin);
  out.clock = figures.quantity(row, "clock_mhz", megahertz, origin);
  if (out.capacity && out.usable && out.usable->value > out.capacity->value) {
    row.problem_here("usable_mib is more than the capacity: check GB against GiB");
  }
  row.finish();
  return out;
}

std::optional<Peak> read_peak(const text::TomlNode& node, FigureReader& figures,
                              text::Problems& problems) {
  text::TomlTable row(node, "[[peak]]", problems);
  Peak out;
  const auto origin = figures.need_row_origin(row);
  const auto dtype = text::read_word(row, "dtype", kDtypes, true);
  const auto engine = text::read_word(row, "engine", kEngines, true);
  out.accumulator =
      text::read_word(row, "accumulator", kAccumulators, false).value_or(Accumulator::unstated);
  static_cast<void>(row.need("tera_ops"));
  const auto rate = origin ? figures.quantity(row, "tera_ops", teraflops, origin) : std::nullopt;
  if (const auto clock = plain(row, "clock_mhz", problems)) out.clock = megahertz(*clock);
  out.ops_per_clk_per_unit = plain(row, "ops_per_clk", problems);
  if (!origin) static_cast<void>(row.get("confidence"));
  row.finish();
  if (!dtype || !engine || !rate) return std::nullopt;
  out.dtype = *dtype;
  out.engine = *engine;
  out.rate = *rate;
  return out;
}

std::optional<Link> read_link(const text::TomlNode& node, FigureReader& figures,
                              text::Problems& problems) {
  text::TomlTable row(node, "[[link]]", problems);
  Link out;
  const auto role = text::read_word(row, "role", kRoles, true);
  out.name = row.need_text("name");
  const auto origin = figures.need_row_origin(row);
  static_cast<void>(row.need("one_way_gb_s"));
  const auto rate =
      origin ? figures.quantity(row, "one_way_gb_s", gigabytes_per_second, origin) : std::nullopt;
  if (const auto lanes = plain(row, "lanes", problems)) out.lanes = static_cast<int>(*lanes);
  if (const auto domain = plain(row, "domain", problems)) out.domain = static_cast<int>(*domain);
  if (!origin) static_cast<void>(row.get("confidence"));
  row.finish();
  if (!role || !rate) return std::nullopt;
  out.role = *role;
  out.one_way = *rate;
  return out;
}

void read_price(text::TomlTable& top, FigureReader& figures, text::Problems& problems, Chip& chip) {
  const text::TomlNode* node = top.get("price");
  if (node == nullptr) return;
  if (node->kind != text::TomlNode::Kind::table) {
    top.problem(*node, "price must be a table, [price]");
    return;
  }
  text::TomlTable price(*node, "[price]", problems);
  chip.rental = read_range<DollarsPerHour>(price, "usd_per_hour", figures, problems);
  chip.purchase = read_range<Dollars>(price, "usd", figures, problems);
  price.finish();
}

}  // namespace assay::catalog

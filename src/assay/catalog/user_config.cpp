// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/user_config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assay/text/toml_table.hpp"

namespace assay::catalog {
namespace {

std::vector<UserConfig::Price> read_prices(text::TomlTable& price, std::string_view key,
                                           text::Problems& problems) {
  std::vector<UserConfig::Price> out;
  const text::TomlNode* node = price.get(key);
  if (node == nullptr) return out;
  if (node->kind != text::TomlNode::Kind::table) {
    price.problem(*node, fmt::format("{} is {}: write a table, [price.{}]", price.place(key),
                                     describe(node->kind), key));
    return out;
  }
  for (const text::TomlNode& row : node->children) {
    const std::string what = fmt::format("\"{}\" in [price.{}]", text::quoted(row.key), key);
    if (text::sound_number(row, what, problems)) {
      out.push_back({row.key, DollarsPerHour(row.number), row.line});
    }
  }
  return out;
}

const UserConfig::Price* find(const std::vector<UserConfig::Price>& prices, std::string_view key) {
  const auto at = std::ranges::find(prices, key, &UserConfig::Price::key);
  return at == prices.end() ? nullptr : &*at;
}

}  // namespace

Result<UserConfig> UserConfig::parse(const text::NamedText& file) {
  TRY_ASSIGN(const text::TomlNode root, text::parse_toml(file));
  text::Problems problems(file.name);
  UserConfig out;
  text::TomlTable top(root, "", problems);
  if (const text::TomlNode* node = top.get("price")) {
    if (node->kind == text::TomlNode::Kind::table) {
      text::TomlTable price(*node, "[price]", problems);
      if (const text::TomlNode* value = price.get("default_usd_per_hour");
          value != nullptr && text::sound_number(*value, "default_usd_per_hour", problems)) {
        out.default_price = DollarsPerHour(value->number);
      }
      out.by_chip = read_prices(price, "by_chip", problems);
      out.by_uuid = read_prices(price, "by_uuid", problems);
      price.finish();
    } else {
      top.problem(*node, fmt::format("price is {}: write a table, [price]", describe(node->kind)));
    }
  }
  top.finish();
  if (!problems.empty()) return problems.errors().front();
  return out;
}

Status UserConfig::check_chips(const Catalog& catalog, std::string_view file) const {
  for (const Price& price : by_chip) {
    if (catalog.find(price.key) != nullptr) continue;
    const auto guess = catalog.nearest(price.key, 1);
    return Error{ErrorCode::invalid_argument,
                 fmt::format("{}:{}: [price.by_chip] names the unknown chip \"{}\": {}",
                             text::quoted(file), price.line, text::quoted(price.key),
                             guess.empty() ? std::string("see `assay catalog list`")
                                           : fmt::format("did you mean \"{}\"?", guess[0]))};
  }
  return {};
}

std::optional<ResolvedPrice> resolve_price(std::optional<DollarsPerHour> flag,
                                           const UserConfig& config, std::string_view uuid,
                                           const Chip* chip) {
  if (flag) return ResolvedPrice{*flag, "--price"};
  if (const auto* price = find(config.by_uuid, uuid)) {
    return ResolvedPrice{price->value, "config: price.by_uuid"};
  }
  if (chip != nullptr) {
    if (const auto* price = find(config.by_chip, chip->id)) {
      return ResolvedPrice{price->value, "config: price.by_chip"};
    }
  }
  if (config.default_price) {
    return ResolvedPrice{*config.default_price, "config: price.default_usd_per_hour"};
  }
  if (chip != nullptr && chip->rental && chip->rental->typical) {
    const Source& source = chip->source_of(*chip->rental);
    return ResolvedPrice{*chip->rental->typical,
                         fmt::format("catalog: {}, {}", source.title, source.date)};
  }
  return std::nullopt;
}

}  // namespace assay::catalog

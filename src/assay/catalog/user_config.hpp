// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/units/units.hpp"

namespace assay::catalog {

// What ~/.config/assay/config.toml may say:
//   [price]
//   default_usd_per_hour = 2.10          # any device that no line below names
//   [price.by_chip]
//   "h100-sxm5-80gb" = 2.99
//   [price.by_uuid]
//   "GPU-3f1c..." = 1.80
struct UserConfig {
  struct Price {
    std::string key;
    DollarsPerHour value;
    int line = 0;
  };
  std::optional<DollarsPerHour> default_price;
  std::vector<Price> by_chip;
  std::vector<Price> by_uuid;

  // Fails on the first problem: "file:line: ...". An empty text is an empty config.
  static Result<UserConfig> parse(const text::NamedText& file);
  // Fails on a by_chip line whose id the catalog lacks, naming the nearest.
  [[nodiscard]] Status check_chips(const Catalog& catalog, std::string_view file) const;
};

struct ResolvedPrice {
  DollarsPerHour per_hour;
  // "--price", "config: price.by_uuid", "config: price.by_chip",
  // "config: price.default_usd_per_hour" or "catalog: <title>, <date>".
  std::string source;
};

// The price of one device: --price, else the config's by_uuid, by_chip, default, else the
// catalog's typical rental price. Nothing where none of them knows: an unknown price is never 0.
// chip may be null (a board that the catalog does not know).
std::optional<ResolvedPrice> resolve_price(std::optional<DollarsPerHour> flag,
                                           const UserConfig& config, std::string_view uuid,
                                           const Chip* chip);

}  // namespace assay::catalog

// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/user_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "assay/catalog/test_chip.hpp"

namespace assay::catalog {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kConfig = R"([price]
default_usd_per_hour = 2.10
[price.by_chip]
"toy" = 2.99
[price.by_uuid]
"GPU-1" = 1
)";

Result<UserConfig> parse(std::string_view text) { return UserConfig::parse({"config.toml", text}); }

Catalog toys() {
  const std::array files{text::NamedText{"toy.toml", kTestChip}};
  return *Catalog::parse(files);
}

TEST(UserConfig, PricesByPrecedence) {
  const auto config = parse(kConfig);
  ASSERT_TRUE(config) << config.error().message;
  const Catalog catalog = toys();
  const Chip* toy = catalog.find("toy");

  const auto flag = resolve_price(DollarsPerHour(9), *config, "GPU-1", toy);
  EXPECT_EQ(flag->per_hour, DollarsPerHour(9));
  EXPECT_EQ(flag->source, "--price");
  const auto by_uuid = resolve_price(std::nullopt, *config, "GPU-1", toy);
  EXPECT_EQ(by_uuid->per_hour, DollarsPerHour(1));
  EXPECT_EQ(by_uuid->source, "config: price.by_uuid");
  const auto by_chip = resolve_price(std::nullopt, *config, "GPU-2", toy);
  EXPECT_EQ(by_chip->per_hour, DollarsPerHour(2.99));
  EXPECT_EQ(by_chip->source, "config: price.by_chip");
  const auto otherwise = resolve_price(std::nullopt, *config, "GPU-2", nullptr);
  EXPECT_EQ(otherwise->per_hour, DollarsPerHour(2.10));
  EXPECT_EQ(otherwise->source, "config: price.default_usd_per_hour");
  const auto catalogs = resolve_price(std::nullopt, {}, "GPU-2", toy);
  EXPECT_EQ(catalogs->per_hour, DollarsPerHour(2.5));
  EXPECT_EQ(catalogs->source, "catalog: median of offers, 2026-05");
}

TEST(UserConfig, AnUnknownPriceIsNotZero) {
  EXPECT_FALSE(resolve_price(std::nullopt, {}, "GPU-1", nullptr).has_value());
  Chip bare;
  EXPECT_FALSE(resolve_price(std::nullopt, {}, "GPU-1", &bare).has_value());
}

TEST(UserConfig, EmptyIsSound) {
  const auto config = parse("");
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->default_price.has_value());
}

TEST(UserConfig, BadFilesGiveFileAndLine) {
  const auto says = [](std::string_view text) { return parse(text).error().message; };
  EXPECT_EQ(says("[price]\ndefault_usd_per_hr = 2"),
            "config.toml:2: unknown key \"default_usd_per_hr\" in [price]: did you mean "
            "\"default_usd_per_hour\"?");
  EXPECT_THAT(says("\n[prices]"), StartsWith("config.toml:2: unknown key \"prices\""));
  EXPECT_THAT(says("price = 3"), StartsWith("config.toml:1: price is a whole number"));
  EXPECT_THAT(says("[price.by_chip]\n\"toy\" = -1"), HasSubstr("config.toml:2: \"toy\" in"));
  EXPECT_THAT(says("[price.by_uuid]\n\"GPU-1\" = \"2\""), HasSubstr("write a number"));
  EXPECT_THAT(says("[price]\nby_chip = 2"), HasSubstr("write a table, [price.by_chip]"));
  EXPECT_THAT(says("[price]\ndefault_usd_per_hour = 0"), HasSubstr("must be above 0"));
  EXPECT_THAT(says("[price.by_chip]\n\"a\\u001b\" = -1"), HasSubstr("a\\x1b"));
  EXPECT_THAT(says("[price"), StartsWith("config.toml:1: not valid TOML"));
}

TEST(UserConfig, UnknownChipIsNamedWithTheNearest) {
  const auto config = parse("[price.by_chip]\n\"toi\" = 1");
  ASSERT_TRUE(config);
  const Status checked = config->check_chips(toys(), "config.toml");
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, StartsWith("config.toml:2: "));
  EXPECT_THAT(checked.error().message, HasSubstr("did you mean \"toy\"?"));
  EXPECT_TRUE(parse(kConfig)->check_chips(toys(), "config.toml"));
}

}  // namespace
}  // namespace assay::catalog

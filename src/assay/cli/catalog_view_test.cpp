// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/catalog_view.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/compare_view.hpp"

namespace assay::cli {
namespace {

// Lines that are wider than they may be. Only an address may, alone and with nothing before it.
std::string too_wide(const std::string& text, int width) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    const bool address = line.starts_with("http") && line.find(' ') == std::string::npos;
    if (columns(line) > width && !address) out += line + "\n";
  }
  return out;
}

TEST(CatalogView, FitsAnyWidth) {
  const auto catalog = catalog::embedded();
  ASSERT_TRUE(catalog) << catalog.error().message;
  for (const int width : {60, 61, 79, 80, 120}) {
    const Style style{.width = width};
    EXPECT_EQ(too_wide(catalog_table(style, *catalog), width), "");
    for (const catalog::Chip& chip : catalog->all()) {
      ASSERT_EQ(too_wide(chip_view(style, chip), width), "") << chip.id;
    }
  }
}

TEST(CatalogView, ClaimsFitAnyWidth) {
  const auto claims = catalog::embedded_claims();
  ASSERT_TRUE(claims) << claims.error().message;
  std::vector<const catalog::Claim*> all;
  for (const catalog::Claim& claim : claims->all()) all.push_back(&claim);
  for (const int width : {60, 61, 79, 80, 120}) {
    EXPECT_EQ(too_wide(claims_page(Style{.width = width}, all), width), "");
  }
}

}  // namespace
}  // namespace assay::cli

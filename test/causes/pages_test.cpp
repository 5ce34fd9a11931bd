// SPDX-License-Identifier: Apache-2.0
// Every cause that assay can name has its page, with the headings a reader looks for, and every
// page belongs to a cause.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "assay/causes/cause.hpp"

namespace {

namespace fs = std::filesystem;
const fs::path kPages = fs::path(ASSAY_SOURCE_DIR) / "docs/causes";

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(CausePages, EachCauseHasItsPage) {
  const std::string index = text_of(kPages / "README.md");
  for (const auto& cause : assay::causes::all()) {
    const std::string name = std::string(cause.id) + ".md";
    const std::string page = text_of(kPages / name);
    EXPECT_TRUE(page.starts_with("# ")) << name;
    for (const char* heading : {"## Seen by", "## Told apart from", "## At most to gain", "## Try"})
      EXPECT_NE(page.find(heading), std::string::npos) << name << " lacks " << heading;
    EXPECT_NE(index.find("(" + name + ")"), std::string::npos) << name << " is not in the index";
  }
}

TEST(CausePages, EachPageHasItsCause) {
  for (const auto& entry : fs::directory_iterator(kPages)) {
    const std::string stem = entry.path().stem().string();
    EXPECT_TRUE(stem == "README" || assay::causes::parse(stem)) << entry.path();
  }
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include "house/folders.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace assay::house {
namespace {

namespace fs = std::filesystem;

TEST(Folders, EachHasAReadme) {
  ASSERT_TRUE(fs::exists(fs::path(ASSAY_SOURCE_DIR) / "src/assay/base"));
  for (const Violation& v : folders_without_readme(ASSAY_SOURCE_DIR)) ADD_FAILURE() << v;
}

TEST(Folders, OneWithoutIsSeen) {
  const fs::path root = fs::path(testing::TempDir()) / "assay_house_folders";
  fs::remove_all(root);
  for (const char* folder : {"src/assay/probe/bare", "src/assay/told", "data/thin"})
    fs::create_directories(root / folder);
  std::ofstream(root / "src/assay/probe/bare/a.cpp") << "int a;\n";
  std::ofstream(root / "src/assay/told/a.cpp") << "int a;\n";
  std::ofstream(root / "src/assay/told/README.md") << "# told\n\nIn: nothing. Out: an int.\n";
  std::ofstream(root / "data/thin/a.toml") << "a = 1\n";
  std::ofstream(root / "data/thin/README.md") << "# thin\n";

  std::string paths;
  for (const Violation& v : folders_without_readme(root)) paths += v.path + ";";
  EXPECT_EQ(paths, "src/assay/probe/bare;data/thin;");
  fs::remove_all(root);
}

}  // namespace
}  // namespace assay::house

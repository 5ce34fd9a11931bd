// SPDX-License-Identifier: Apache-2.0
#include "house/layers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::house {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(Layer, TheTreeKeepsTheFolderOrder) {
  std::size_t seen = 0;
  for (const SourceFile& file : load_tree(ASSAY_SOURCE_DIR)) {
    seen += file.module().empty() ? 0U : 1U;
    for (const Violation& v : check_layers(file, layers())) ADD_FAILURE() << v;
    for (const Violation& v : check_link_order(file, layers())) ADD_FAILURE() << v;
  }
  EXPECT_GT(seen, 10U) << "the source tree was not found at " ASSAY_SOURCE_DIR;
}

TEST(Layer, AnIncludeThatPointsUpIsSeen) {
  const SourceFile file("src/assay/units/a.hpp", "\n#include \"assay/store/recorder.hpp\"\n");
  const auto found = check_layers(file, layers());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 2U);
  EXPECT_EQ(found[0].message, "units must not know store");
}

TEST(Layer, ProbesDoNotKnowEachOther) {
  const SourceFile file("src/assay/probe/nvml/a.cpp", "#include \"assay/probe/cpu/a.hpp\"\n");
  EXPECT_EQ(check_layers(file, layers()).size(), 1U);
}

TEST(Layer, TestsBesideTheCodeKeepTheOrderToo) {
  const SourceFile file("src/assay/ladder/a_test.cpp", "#include \"assay/store/reader.hpp\"\n");
  EXPECT_EQ(check_layers(file, layers()).size(), 1U);
}

TEST(Layer, AnUnknownFolderIsSeenFromBothSides) {
  const SourceFile from("src/assay/attic/a.cpp", "int a;\n");
  ASSERT_EQ(check_layers(from, layers()).size(), 1U);
  EXPECT_THAT(check_layers(from, layers())[0].message, HasSubstr("attic"));
  for (const char* path : {"assay/attic/a.hpp", "assay/a.hpp", "assay/probe/a.hpp"}) {
    const SourceFile to("src/assay/cli/a.cpp", "#include \"" + std::string(path) + "\"\n");
    EXPECT_EQ(check_layers(to, layers()).size(), 1U) << path;
  }
}

TEST(Layer, AFolderWithinAFolderIsUnderItsRow) {
  const SourceFile good("src/assay/cli/verbs/a.cpp", "#include \"assay/cli/style.hpp\"\n");
  EXPECT_THAT(check_layers(good, layers()), IsEmpty());
  const SourceFile bad("src/assay/store/format/a.cpp", "#include \"assay/cli/verbs/a.hpp\"\n");
  ASSERT_EQ(check_layers(bad, layers()).size(), 1U);
  EXPECT_EQ(check_layers(bad, layers())[0].message, "store must not know cli");
}

TEST(Layer, WhatIsAllowedPasses) {
  const SourceFile file("src/assay/ladder/a.cpp",
                        "#include \"assay/ladder/a.hpp\"\n#include \"assay/sample/sample.hpp\"\n"
                        "#include <vector>\n// #include \"assay/cli/a.hpp\"\n");
  EXPECT_THAT(check_layers(file, layers()), IsEmpty());
}

TEST(Layer, ALinkAgainstTheOrderIsSeen) {
  const SourceFile bad("src/assay/probe/nvml/CMakeLists.txt",
                       "assay_module(probe/nvml DEPS assay_sample assay_store)\n");
  ASSERT_EQ(check_link_order(bad, layers()).size(), 1U);
  EXPECT_EQ(check_link_order(bad, layers())[0].message, "probe/nvml must not link store");
  const SourceFile good("src/assay/store/CMakeLists.txt",
                        "assay_module(store DEPS assay_sample assay_zstd)\n");
  EXPECT_THAT(check_link_order(good, layers()), IsEmpty());
}

// "An arrow may only point left": what a folder may know may in turn know no more than it.
TEST(Layer, TheTableHasNoCycles) {
  for (const auto& [folder, allowed] : layers()) {
    for (const std::string& below : allowed) {
      ASSERT_TRUE(layers().contains(below)) << folder << " may know " << below;
      EXPECT_FALSE(layers().at(below).contains(folder)) << folder << " and " << below;
      for (const std::string& further : layers().at(below))
        EXPECT_TRUE(allowed.contains(further)) << folder << " over " << below << ": " << further;
    }
  }
}

}  // namespace
}  // namespace assay::house

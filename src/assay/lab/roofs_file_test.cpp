// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/roofs_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace assay::lab {
namespace {

using testing::HasSubstr;

class RoofsFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "assay-roofs-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    roofs_.device_uuid = "GPU-1";
    roofs_.fp32 = teraflops(60);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  Roofs roofs_;
};

TEST(RoofsPath, FollowsTheXdgRule) {
  EXPECT_EQ(*roofs_path("/data", "/home/me", "GPU-1"), "/data/assay/roofs/GPU-1.toml");
  EXPECT_EQ(*roofs_path("", "/home/me", "GPU-1"), "/home/me/.local/share/assay/roofs/GPU-1.toml");
  // The XDG rule: a relative path is as good as none.
  EXPECT_EQ(*roofs_path("data", "/home/me", "G"), "/home/me/.local/share/assay/roofs/G.toml");
  EXPECT_EQ(roofs_path("", "", "GPU-1").error().code, ErrorCode::not_found);
}

TEST(RoofsPath, AUuidCannotLeadElsewhere) {
  for (const char* uuid : {"", "../../etc/passwd", "a/b", ".", "GPU 1"})
    EXPECT_EQ(roofs_path("/data", "", uuid).error().code, ErrorCode::invalid_argument) << uuid;
}

TEST_F(RoofsFile, IsKeptAndFoundAgain) {
  const std::string path = folder_ / "a" / "b" / "GPU-1.toml";
  EXPECT_EQ(load_roofs(path).error().code, ErrorCode::not_found);
  const mode_t before = umask(077);
  const Status saved = save_roofs(path, roofs_);
  umask(before);
  ASSERT_TRUE(saved.ok()) << saved.error().message;
  EXPECT_EQ(*load_roofs(path), roofs_);
  struct stat facts{};
  ASSERT_EQ(stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0644U);

  roofs_.fp32 = teraflops(61);
  ASSERT_TRUE(save_roofs(path, roofs_).ok());
  EXPECT_EQ(*load_roofs(path), roofs_);
  const auto files = std::filesystem::directory_iterator(folder_ / "a" / "b");
  EXPECT_EQ(std::distance(begin(files), end(files)), 1) << "a temporary file was left";
}

// A file where a folder should be fails for root too, unlike a folder without write permission.
TEST_F(RoofsFile, AHomeThatCannotBeWrittenIsOneClearError) {
  std::ofstream(folder_ / "home") << "not a folder";
  const Status saved = save_roofs(folder_ / "home" / "assay" / "x.toml", roofs_);
  ASSERT_FALSE(saved.ok());
  EXPECT_THAT(saved.error().message, HasSubstr((folder_ / "home").string()));
  EXPECT_THAT(saved.error().message, HasSubstr("XDG_DATA_HOME"));
}

TEST_F(RoofsFile, AFailedReplacementLeavesNoLitter) {
  const auto path = folder_ / "x.toml";
  std::filesystem::create_directories(path / "in the way");
  EXPECT_FALSE(save_roofs(path, roofs_).ok());
  const auto files = std::filesystem::directory_iterator(folder_);
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(RoofsFile, DamageNamesTheFile) {
  const std::string path = folder_ / "x.toml";
  std::ofstream(path) << "schema = ";
  const auto roofs = load_roofs(path);
  ASSERT_FALSE(roofs.ok());
  EXPECT_EQ(roofs.error().code, ErrorCode::corrupt);
  EXPECT_THAT(roofs.error().message, HasSubstr(path));
  std::ofstream(path) << std::string(100'000, '#');
  EXPECT_EQ(load_roofs(path).error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace assay::lab

// SPDX-License-Identifier: Apache-2.0
#include "assay/base/private_folder.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace assay {
namespace {

namespace fs = std::filesystem;

std::string parent() {
  const std::string path = testing::TempDir() + "/private-" + std::to_string(getpid());
  fs::create_directories(path);
  return path;
}

TEST(PrivateFolder, GoesWithWhatIsInIt) {
  std::string path;
  {
    auto folder = PrivateFolder::make(parent(), "work");
    ASSERT_TRUE(folder);
    const PrivateFolder moved = std::move(*folder);
    path = moved.path();
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
    fs::create_directory(path + "/inside");
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_FALSE(PrivateFolder::make("/nonexistent", "work"));
}

void age(const std::string& path) {
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
}

TEST(PrivateFolder, OnlyWhatADeadProcessLeftIsRemoved) {
  const std::string base = parent();
  const auto living = PrivateFolder::make(base, "work");
  age(living->path());
  for (const char* name : {"/work-young", "/work-old", "/other-old"})
    fs::create_directory(base + name);
  std::ofstream(base + "/work-old/file") << "left";
  std::ofstream(base + "/work-file") << "no folder";
  fs::create_directory_symlink(base + "/other-old", base + "/work-link");
  const pid_t child = fork();
  if (child == 0) {
    const auto killed = PrivateFolder::make(base, "work");
    age(killed->path());
    _exit(killed ? 0 : 1);  // no destructor runs
  }
  int status = -1;
  waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  for (const char* name : {"/work-old", "/work-file", "/other-old"}) age(base + name);
  {
    const auto next = PrivateFolder::make(base, "work");
    EXPECT_TRUE(fs::exists(living->path()));
    for (const char* name : {"/work-young", "/work-file", "/work-link", "/other-old"})
      EXPECT_TRUE(fs::exists(base + name)) << name;
    EXPECT_FALSE(fs::exists(base + "/work-old"));
    const auto folders = std::distance(fs::directory_iterator(base), fs::directory_iterator());
    EXPECT_EQ(folders, 6) << "the killed child's is gone";
  }
  fs::remove_all(base);
}

}  // namespace
}  // namespace assay

// SPDX-License-Identifier: Apache-2.0
#include "assay/base/read_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace assay {
namespace {

struct Folder {
  Folder() : path(testing::TempDir() + "read-file-" + std::to_string(::getpid())) {
    std::filesystem::create_directory(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;
};

TEST(ReadFile, IsTheWholeFileUpToTheMost) {
  const Folder folder;
  const std::string path = folder.path + "/text";
  const std::string text = std::string(200'000, 'x') + std::string("\0end", 4);
  std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(read_file(path).value(), text);
  EXPECT_EQ(read_file(path, text.size()).value(), text);
  const auto large = read_file(path, text.size() - 1);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::io);
  EXPECT_FALSE(read_file("/proc/self/stat").value().empty()) << "has a size of 0";
}

TEST(ReadFile, WhatIsNoFileIsRefusedWithItsName) {
  const Folder folder;
  const std::string pipe = folder.path + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {folder.path, pipe, std::string("/dev/zero")}) {
    const auto text = read_file(path);
    ASSERT_FALSE(text) << path;
    EXPECT_EQ(text.error().code, ErrorCode::io);
    EXPECT_EQ(text.error().message.find(path), 0U) << text.error().message;
  }
  EXPECT_EQ(read_file(folder.path + "/none").error().code, ErrorCode::not_found);
  const auto memory = read_file("/proc/self/mem");
  ASSERT_FALSE(memory) << "address 0 can't be read";
  EXPECT_EQ(memory.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace assay

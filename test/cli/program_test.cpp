// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace assay::test {
namespace {

struct Folder {
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "assay-test-XXXXXX";
    path = mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code code;
    std::filesystem::remove_all(path, code);
  }
  std::string path;
};

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string scratch() {
  static const Folder folder;
  return folder.path;
}

Outcome run(const std::string& arguments, const std::string& environment) {
  const std::string out = scratch() + "/stdout";
  const std::string err = scratch() + "/stderr";
  const std::string command =
      "env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 ASSAY_NVML=/nonexistent/libnvidia-ml.so.1 HOME=" +
      scratch() + " " + environment + " '" ASSAY_BINARY "' " + arguments + " >'" + out + "' 2>'" +
      err + "' </dev/null";
  const int status = std::system(command.c_str());  // NOLINT: a test's own fixed command
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, text_of(out), text_of(err)};
}

}  // namespace assay::test

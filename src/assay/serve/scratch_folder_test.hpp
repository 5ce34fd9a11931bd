// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "assay/base/check.hpp"

namespace assay::serve {

// A folder of a test's own, gone with it.
class ScratchFolder {
 public:
  ScratchFolder() { CHECK(::mkdtemp(path_) != nullptr); }
  ~ScratchFolder() {
    std::error_code code;
    std::filesystem::remove_all(path_, code);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] std::string path() const { return path_; }
  // Writes a file into it and gives its path.
  std::string file(const std::string& name, const std::string& text, bool is_private = false) {
    std::string path = std::string(path_) + "/" + name;
    std::ofstream(path) << text;
    using std::filesystem::perms;
    std::filesystem::permissions(path,
                                 is_private ? perms::owner_read | perms::owner_write : perms(0644));
    return path;
  }

 private:
  char path_[32] = "/tmp/assay-serve-XXXXXX";
};

}  // namespace assay::serve

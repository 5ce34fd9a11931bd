// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/base/result.hpp"

namespace assay::serve {

// Keeps a folder for one daemon as long as it lives; a killed one's lock goes with it.
class FolderLock {
 public:
  // Makes the folder, for its owner alone, where it is not there. io: it can't be made or written;
  // invalid_argument: another daemon has it, whose process the sentence names.
  static Result<FolderLock> take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace assay::serve

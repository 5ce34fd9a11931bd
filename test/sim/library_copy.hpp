// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace assay::test {

// The simulated libnvidia-ml.so.1, loaded from a copy of the file: each copy is a library of its
// own, as in a program of its own. It stays loaded, its file goes.
class LibraryCopy {
 public:
  LibraryCopy();
  ~LibraryCopy();
  LibraryCopy(const LibraryCopy&) = delete;
  LibraryCopy& operator=(const LibraryCopy&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] void* address(const char* name) const;
  template <typename Signature>
  [[nodiscard]] Signature* function(const char* name) const {
    return reinterpret_cast<Signature*>(address(name));
  }
  // nvmlInit with this scenario; fails the test where it does not succeed.
  void start(const std::string& scenario);
  // The first device's handle.
  [[nodiscard]] void* device() const;

 private:
  std::string path_;
  void* loaded_ = nullptr;
};

}  // namespace assay::test

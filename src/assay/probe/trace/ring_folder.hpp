// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/trace_ring/reader.hpp"

namespace assay::probe::trace {

// The private folder in which rings appear. One thread.
class RingFolder {
 public:
  // In /dev/shm if that is writable, else in $TMPDIR or /tmp.
  static Result<RingFolder> make();
  ~RingFolder();
  RingFolder(RingFolder&& other) noexcept;
  RingFolder& operator=(RingFolder&&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  // The rings that have appeared since, each given once; its file is removed at once, so that
  // nothing is left behind whoever dies first. What is no ring is removed too.
  std::vector<trace_ring::Reader> take_new();

 private:
  explicit RingFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace assay::probe::trace

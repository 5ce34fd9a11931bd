// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/base/private_folder.hpp"
#include "assay/base/result.hpp"
#include "assay/sample/kernels.hpp"
#include "assay/trace_ring/reader.hpp"

namespace assay::probe::trace {

// The private folder in which rings appear. One thread.
class RingFolder {
 public:
  // In /dev/shm if that is writable, else in $TMPDIR or /tmp.
  static Result<RingFolder> make();

  [[nodiscard]] const std::string& path() const { return folder_.path(); }
  // The rings that have appeared since, each given once; its file is removed at once, so that
  // nothing is left behind whoever dies first. What is no ring is removed too.
  std::vector<trace_ring::Reader> take_new();
  // The processes that could have no ring, each given once: who, and in `trouble` why.
  std::vector<sample::TracedProcess> take_refused();

 private:
  explicit RingFolder(PrivateFolder folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::vector<std::string> named(std::string_view suffix) const;
  PrivateFolder folder_;
};

}  // namespace assay::probe::trace

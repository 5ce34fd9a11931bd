// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <optional>
#include <span>
#include <string>

#include "assay/base/result.hpp"
#include "assay/sample/tick.hpp"

namespace assay::cli {

// Counter tracks in Chrome's trace format, which Perfetto reads: one a channel, in per cent. Ticks
// are written as they come, each of them, so that memory does not grow with the look.
class ScopeTrace {
 public:
  // io: the file can't be written.
  static Result<ScopeTrace> open(const std::string& path, int device);

  void add(std::span<const sample::Tick> ticks);
  // Ends the document; io where not all of it could be written.
  Status close();

 private:
  ScopeTrace(std::string path, int device);

  std::string path_;
  std::ofstream file_;
  int device_;
  std::optional<std::int64_t> begin_ns_;  // of the first tick
  bool empty_ = true;
};

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "assay/probe/trace/row_book.hpp"

namespace assay::probe::trace {

// What ran on one device for one process, put in the order of start: when something was on it, and
// before which kernel nothing was. Records arrive nearly in order; kReorder of them are held back.
class Timeline {
 public:
  // `row` is null for what is no kernel: it ends a gap, but has none.
  void add(std::uint64_t start, std::uint64_t end, Row* row);
  // What comes next stands apart: no gap is counted before it. Also to be called at the end.
  void cut();

  [[nodiscard]] std::uint64_t busy_ns() const { return busy_; }
  [[nodiscard]] std::uint64_t first() const { return first_; }
  [[nodiscard]] std::uint64_t last() const { return last_; }

 private:
  static constexpr std::size_t kReorder = 1024;
  struct Span {
    std::uint64_t start;
    std::uint64_t end;
    Row* row;
    bool operator>(const Span& other) const { return start > other.start; }
  };
  void settle(const Span& span);

  std::priority_queue<Span, std::vector<Span>, std::greater<>> held_;
  bool apart_ = true;
  std::uint64_t reached_ = 0;  // up to here all is settled
  std::uint64_t busy_ = 0;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
};

}  // namespace assay::probe::trace

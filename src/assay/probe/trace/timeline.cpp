// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/timeline.hpp"

#include <algorithm>

namespace assay::probe::trace {

void Timeline::add(std::uint64_t start, std::uint64_t end, Row* row) {
  held_.push({start, end, row});
  first_ = first_ == 0 ? start : std::min(first_, start);
  last_ = std::max(last_, end);
  if (held_.size() <= kReorder) return;
  settle(held_.top());
  held_.pop();
}

void Timeline::cut() {
  for (; !held_.empty(); held_.pop()) settle(held_.top());
  apart_ = true;
}

void Timeline::settle(const Span& span) {
  if (apart_) reached_ = std::max(reached_, span.start);
  if (span.start > reached_ && span.row != nullptr) {
    span.row->gap += span.start - reached_;
    ++span.row->gaps;
  }
  apart_ = false;
  busy_ += span.end > reached_ ? span.end - std::max(span.start, reached_) : 0;
  reached_ = std::max(reached_, span.end);
}

}  // namespace assay::probe::trace

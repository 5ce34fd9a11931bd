// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/burst_count.hpp"

#include <algorithm>

namespace assay::probe::trace {
namespace {

// Numbers grow, but records come a little out of order, and the numbers run over after 2^32.
std::int32_t distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

}  // namespace

void BurstCount::open(std::uint64_t start) {
  settle();
  ++bursts_;
  if (first_open_ == 0) first_open_ = start;
}

void BurstCount::close(std::uint64_t start, std::uint64_t end) {
  if (end < start) return;
  open_ns_ += end - start;
  last_close_ = std::max(last_close_, end);
}

void BurstCount::launch(std::uint32_t number, bool numbered) {
  unnumbered_ = unnumbered_ || !numbered;
  if (in_burst_ == 0) from_ = to_ = number;
  if (distance(number, from_) > 0) from_ = number;
  if (distance(to_, number) > 0) to_ = number;
  if (const std::int32_t ahead = distance(highest_, number); ahead > 0) {
    numbered_ += static_cast<std::uint64_t>(ahead);
    highest_ = number;
  }
  ++in_burst_;
}

void BurstCount::settle() {
  if (in_burst_ > 0) covered_ += static_cast<double>(to_ - from_) + 1;
  launches_ += in_burst_;
  squares_ += in_burst_ * in_burst_;
  in_burst_ = 0;
}

void BurstCount::finish(std::uint64_t ended) {
  settle();
  ended_ = ended;
}

// They do where a burst's launches have all the numbers from its first to its last. Records that
// were lost leave holes, a few of which do no harm.
bool BurstCount::numbers_count_launches() const {
  constexpr double kHoles = 0.05;
  return !unnumbered_ && launches_ > 0 && covered_ <= launches_ * (1 + kHoles) &&
         static_cast<double>(numbered_) >= launches_;
}

// The process may have ended at any time of the last pause: half a pause at the mean rate.
double BurstCount::launches_after_the_last() const {
  if (ended_ <= last_close_ || last_close_ <= first_open_) return 0;
  const auto seen_ns = static_cast<double>(last_close_ - first_open_);
  const double pause = (seen_ns - static_cast<double>(open_ns_)) / static_cast<double>(bursts_);
  const double rest = std::min(static_cast<double>(ended_ - last_close_), std::max(0.0, pause));
  return static_cast<double>(numbered_) * rest / 2 / seen_ns;
}

double BurstCount::scale() const {
  if (bursts_ == 0) return 1;
  if (numbers_count_launches())
    return (static_cast<double>(numbered_) + launches_after_the_last()) / launches_;
  const std::uint64_t until = std::max(ended_, last_close_);
  const std::uint64_t whole = until > first_open_ ? until - first_open_ : 0;
  if (open_ns_ == 0 || whole <= open_ns_) return 1;
  return static_cast<double>(whole) / static_cast<double>(open_ns_);
}

}  // namespace assay::probe::trace

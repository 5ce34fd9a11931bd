// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/burst_count.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

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
  if (open_after_last_seen_ == 0) open_after_last_seen_ = start;
}

void BurstCount::close(std::uint64_t start, std::uint64_t end) {
  if (end < start) return;
  open_ns_ += end - start;
  last_close_ = std::max(last_close_, end);
  if (in_burst_ > 0) last_seen_close_ = last_close_;
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
  last_seen_close_ = std::max(last_seen_close_, last_close_);
  open_after_last_seen_ = 0;
}

void BurstCount::settle() {
  if (in_burst_ > 0) {
    covered_ += static_cast<double>(to_ - from_) + 1;
    before_ = std::exchange(last_, {last_seen_close_, numbered_});
  }
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
bool BurstCount::by_number() const {
  constexpr double kHoles = 0.05;
  return !unnumbered_ && launches_ > 0 && covered_ <= launches_ * (1 + kHoles) &&
         static_cast<double>(numbered_) >= launches_;
}

// Between the last two bursts that saw launches; what came before, a start or a rest, says nothing
// of how fast the process launched when it ended.
double BurstCount::last_rate() const {
  if (before_.close > 0 && last_.close > before_.close)
    return static_cast<double>(last_.numbered - before_.numbered) /
           static_cast<double>(last_.close - before_.close);
  if (last_seen_close_ <= first_open_) return 0;
  return static_cast<double>(numbered_) / static_cast<double>(last_seen_close_ - first_open_);
}

// From the last burst that saw launches to the next, or to the end.
double BurstCount::launches_of_the_last_pause() const {
  const std::uint64_t until = open_after_last_seen_ != 0 ? open_after_last_seen_ : ended_;
  if (until <= last_seen_close_) return 0;
  return last_rate() * static_cast<double>(until - last_seen_close_);
}

double BurstCount::scale() const {
  if (bursts_ == 0) return 1;
  if (by_number())
    return (static_cast<double>(numbered_) + launches_of_the_last_pause() / 2) / launches_;
  const std::uint64_t until = std::max(ended_, last_close_);
  const std::uint64_t whole = until > first_open_ ? until - first_open_ : 0;
  if (open_ns_ == 0 || whole <= open_ns_) return 1;
  return static_cast<double>(whole) / static_cast<double>(open_ns_);
}

double BurstCount::scale_error() const {
  if (!by_number()) return 0;
  const double deviation = launches_of_the_last_pause() / std::sqrt(12.0);  // of an even spread
  return deviation / (static_cast<double>(numbered_) + launches_of_the_last_pause() / 2);
}

}  // namespace assay::probe::trace

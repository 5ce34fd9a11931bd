// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "assay/tui/frame.hpp"

namespace assay::tui {

// Windows by their number. Live: those kept so far, of which the oldest are dropped in time. A
// recording: all there are. One thread.
class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual std::int64_t first() const = 0;
  [[nodiscard]] virtual std::int64_t last() const = 0;  // below first(): there is none yet
  // Null where there is no such window, or it can't be read (trouble() then says why). Valid until
  // the next call that is not const.
  virtual const Frame* at(std::int64_t number) = 0;
  [[nodiscard]] virtual bool live() const = 0;
  [[nodiscard]] virtual Seconds period() const = 0;       // from window to window, about
  [[nodiscard]] virtual std::string trouble() const = 0;  // one sentence; empty: none
};

// Consecutive frames, numbered; the oldest go when they are more than `most`. What Sources keep.
class FrameRing {
 public:
  explicit FrameRing(std::size_t most) : most_(most) {}

  void restart(std::int64_t first) {
    frames_.clear();
    first_ = first;
  }
  void push(Frame frame) {
    frames_.push_back(std::move(frame));
    if (frames_.size() <= most_) return;
    frames_.pop_front();
    ++first_;
  }
  [[nodiscard]] std::int64_t first() const { return first_; }
  [[nodiscard]] std::int64_t last() const {
    return first_ + static_cast<std::int64_t>(frames_.size()) - 1;
  }
  [[nodiscard]] const Frame* at(std::int64_t number) const {
    if (number < first_ || number > last()) return nullptr;
    return &frames_[static_cast<std::size_t>(number - first_)];
  }

 private:
  std::size_t most_;
  std::int64_t first_ = 0;
  std::deque<Frame> frames_;
};

// How many frames of so many devices take about 32 MiB: 27 minutes of eight devices at 1 Hz.
std::size_t frames_to_keep(std::size_t devices);

}  // namespace assay::tui

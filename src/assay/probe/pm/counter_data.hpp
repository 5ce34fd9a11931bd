// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace assay::probe::pm {

using RawBytes = std::vector<std::uint8_t>;

// Counter data as CUPTI prepares it, which is the same each time: a head, then a range of
// `tick_bytes` for each tick.
class BlankData {
 public:
  BlankData(RawBytes bytes, std::uint32_t capacity, std::size_t tick_bytes);

  [[nodiscard]] const RawBytes& bytes() const { return bytes_; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  [[nodiscard]] std::size_t tick_bytes() const { return tick_bytes_; }
  // Where the range of a tick begins; of `capacity`: where the last one ends.
  [[nodiscard]] std::size_t range(std::size_t tick) const;
  // All ranges look alike, so that what is in one may be moved to another.
  [[nodiscard]] bool alike() const { return alike_; }

 private:
  RawBytes bytes_;
  std::uint32_t capacity_;
  std::size_t tick_bytes_;
  bool alike_ = false;
};

// Where CUPTI puts the raw counters of up to `capacity` ticks ("counter data image"); on GH100 some
// 46 KiB a tick with all channels, 7 KiB with one. Three habits of it, measured on one H200:
//  - One that fills up makes CUPTI drop what the device holds beyond: it must be large enough.
//  - CUPTI's own preparing of it takes time by its size (0.36 ms a MiB), used or not.
//  - Decoding ends within a tick. It is "populated" and not "completed" then, and the next decoding
//    adds the rest: to the same tick if it gets the same counter data, else to the first tick of
//    the other, which has but a part of its counts if the rest is not there already.
class CounterData {
 public:
  // As CUPTI prepared it, for one use.
  explicit CounterData(RawBytes bytes) : bytes_(std::move(bytes)) {}
  // A copy of what CUPTI prepared, for many uses.
  explicit CounterData(std::shared_ptr<const BlankData> blank)
      : bytes_(blank->bytes()), blank_(std::move(blank)) {}

  [[nodiscard]] bool again() const { return blank_ != nullptr; }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  std::span<std::uint8_t> bytes() { return bytes_; }

  // The begun ticks after `completed` whole ones, `populated` in all, for begin_with() of the
  // counter data that is used next. Nothing where that can't be done.
  [[nodiscard]] RawBytes begun(std::size_t completed, std::size_t populated) const;
  void begin_with(std::span<const std::uint8_t> begun);

  // As new, after `populated` ticks or those begun had been put in: a copy of what CUPTI prepared
  // does. Ticks fill it from the front, so the rest need not be copied. Both are looked after the
  // first few times: where it is not so, all of it is copied from then on. Any thread; only where
  // again() is true.
  void reset(std::size_t populated);

 private:
  RawBytes bytes_;
  std::shared_ptr<const BlankData> blank_;
  std::size_t begun_end_ = 0;  // how far begin_with() reached
  int looked_ = 0;
  bool from_the_front_ = true;
};

}  // namespace assay::probe::pm

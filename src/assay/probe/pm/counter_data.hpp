// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace assay::probe::pm {

// Where CUPTI puts the raw counters of up to `capacity` ticks ("counter data image"); on GH100 some
// 46 KiB a tick with all channels, 7 KiB with one. Two habits of it, both measured on one H200:
//  - One that fills up makes CUPTI drop what the device holds beyond: it must be large enough.
//  - CUPTI's own preparing of it takes time by its size (0.36 ms a MiB), used or not.
class CounterData {
 public:
  using Bytes = std::vector<std::uint8_t>;
  // As CUPTI prepared it, for one use.
  CounterData(Bytes bytes, std::uint32_t capacity)
      : bytes_(std::move(bytes)), capacity_(capacity) {}
  // A copy of what CUPTI prepared, `tick_bytes` of it for each tick, for many uses.
  CounterData(std::shared_ptr<const Bytes> fresh, std::uint32_t capacity, std::size_t tick_bytes)
      : bytes_(*fresh), fresh_(std::move(fresh)), capacity_(capacity), tick_bytes_(tick_bytes) {}

  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  [[nodiscard]] bool again() const { return fresh_ != nullptr; }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  std::span<std::uint8_t> bytes() { return bytes_; }

  // As new, after `used` ticks had been put in. What CUPTI prepares is the same each time, so a
  // copy does; ticks fill it from the front, so the rest need not be copied. Both are looked after
  // the first few times: where it is not so, all of it is copied from then on. Any thread; only
  // where again() is true.
  void reset(std::size_t used);

 private:
  Bytes bytes_;
  std::shared_ptr<const Bytes> fresh_;
  std::uint32_t capacity_;
  std::size_t tick_bytes_ = 0;
  int looked_ = 0;
  bool from_the_front_ = true;
};

}  // namespace assay::probe::pm

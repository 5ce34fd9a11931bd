// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/counter_data.hpp"

#include <algorithm>

#include "assay/base/check.hpp"

namespace assay::probe::pm {

namespace {

constexpr int kLooks = 4;
// Ranges that are compared: enough to see that they are periodic.
constexpr std::size_t kRanges = 8;

auto at(const RawBytes& bytes, std::size_t place) {
  return bytes.begin() + static_cast<std::ptrdiff_t>(place);
}

}  // namespace

BlankData::BlankData(RawBytes bytes, std::uint32_t capacity, std::size_t tick_bytes)
    : bytes_(std::move(bytes)), capacity_(capacity), tick_bytes_(tick_bytes) {
  if (tick_bytes_ * capacity_ > bytes_.size() || capacity_ < 2) return;
  const std::size_t compared = std::min<std::size_t>(kRanges, capacity_) - 1;
  // Each range is the one before it.
  alike_ = std::equal(at(bytes_, range(0)), at(bytes_, range(compared)), at(bytes_, range(1)));
}

std::size_t BlankData::range(std::size_t tick) const {
  const std::size_t after = tick_bytes_ * (capacity_ - std::min<std::size_t>(tick, capacity_));
  return bytes_.size() - std::min(after, bytes_.size());
}

RawBytes CounterData::begun(std::size_t completed, std::size_t populated) const {
  if (!again() || !blank_->alike() || populated <= completed) return {};
  return {at(bytes_, blank_->range(completed)), at(bytes_, blank_->range(populated))};
}

void CounterData::begin_with(std::span<const std::uint8_t> begun) {
  if (begun.empty()) return;
  begun_end_ = blank_->range(0) + begun.size();
  CHECK(again() && begun_end_ <= bytes_.size());
  std::ranges::copy(begun, bytes_.begin() + static_cast<std::ptrdiff_t>(blank_->range(0)));
}

void CounterData::reset(std::size_t populated) {
  CHECK(again());
  const RawBytes& fresh = blank_->bytes();
  const std::size_t touched = std::max(blank_->range(populated), std::exchange(begun_end_, 0));
  if (from_the_front_ && looked_ < kLooks) {
    ++looked_;
    from_the_front_ = std::equal(at(fresh, touched), fresh.end(), at(bytes_, touched));
  }
  std::copy(fresh.begin(), from_the_front_ ? at(fresh, touched) : fresh.end(), bytes_.begin());
}

}  // namespace assay::probe::pm

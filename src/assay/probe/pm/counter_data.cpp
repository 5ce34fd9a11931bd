// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/counter_data.hpp"

#include <algorithm>

#include "assay/base/check.hpp"

namespace assay::probe::pm {

namespace {

constexpr int kLooks = 4;

}  // namespace

void CounterData::reset(std::size_t used) {
  CHECK(again());
  const std::size_t unused = tick_bytes_ * (capacity_ - std::min<std::size_t>(used, capacity_));
  const std::size_t touched = bytes_.size() - std::min(unused, bytes_.size());
  const auto split = fresh_->begin() + static_cast<std::ptrdiff_t>(touched);
  if (from_the_front_ && looked_ < kLooks) {
    ++looked_;
    from_the_front_ =
        std::equal(split, fresh_->end(), bytes_.begin() + static_cast<std::ptrdiff_t>(touched));
  }
  std::copy(fresh_->begin(), from_the_front_ ? split : fresh_->end(), bytes_.begin());
}

}  // namespace assay::probe::pm

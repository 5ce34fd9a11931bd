// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/history.hpp"

#include <algorithm>
#include <cmath>

#include "assay/base/check.hpp"

namespace assay::serve {
namespace {

constexpr std::size_t kMostBytes = 4 << 20;
constexpr std::size_t kMostWindows = 1200;

}  // namespace

History::History(std::size_t devices)
    : devices_(devices),
      most_(std::clamp(kMostBytes / (std::max<std::size_t>(devices, 1) * sizeof(DerivedValues)),
                       std::size_t{16}, kMostWindows)) {}

void History::add(std::int64_t at_ns, const std::vector<DerivedValues>& devices) {
  CHECK(devices.size() == devices_);
  const std::lock_guard lock(mutex_);
  if (at_ns_.size() < most_) {
    at_ns_.push_back(at_ns);
    values_.insert(values_.end(), devices.begin(), devices.end());
  } else {
    at_ns_[next_] = at_ns;
    std::ranges::copy(devices, values_.begin() + static_cast<std::ptrdiff_t>(next_ * devices_));
  }
  next_ = (next_ + 1) % most_;
}

std::size_t History::oldest() const { return at_ns_.size() < most_ ? 0 : next_; }

std::optional<std::int64_t> History::first() const {
  const std::lock_guard lock(mutex_);
  if (at_ns_.empty()) return std::nullopt;
  return at_ns_[oldest()];
}

void History::read(std::size_t device, std::size_t derived, const Grid& grid,
                   std::vector<store::Bucket>& buckets) const {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < at_ns_.size(); ++i) {
    const double value = values_[i * devices_ + device][derived];
    if (!grid.holds(at_ns_[i]) || std::isnan(value)) continue;
    join(buckets[grid.place(at_ns_[i])], {1, value, value, value});
  }
}

}  // namespace assay::serve

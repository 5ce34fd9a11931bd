// SPDX-License-Identifier: Apache-2.0
#include "assay/report/bands.hpp"

#include <algorithm>
#include <cmath>

namespace assay::report {
namespace {

using appraise::Appraisal;

constexpr std::array<std::string_view, kParts.size()> kTitles = {
    "useful", "engaged", "overwork", "stalled", "empty SMs", "idle, held", "not held", "unknown"};

std::array<double, kParts.size()> shares(const ladder::Losses& losses) {
  std::array<double, kParts.size()> out{};
  for (const ladder::Part& part : losses.parts)
    if (const auto* at = std::ranges::find(kParts, part.name); at != kParts.end())
      if (const auto value = part.share.value())
        out[static_cast<std::size_t>(at - kParts.begin())] = value->value();
  out.back() = losses.unattributed.value();
  return out;
}

double seconds_of(sample::WallTime at) { return static_cast<double>(at.unix_ns) * 1e-9; }

}  // namespace

std::string_view title_of(std::size_t part) { return kTitles[part]; }

std::optional<causes::Cause> Bucket::cause() const {
  const auto most =
      std::ranges::max_element(causes, {}, [](const auto& entry) { return entry.second; });
  return most == causes.end() ? std::nullopt : std::optional(most->first);
}

double Band::share_of(std::size_t part) const {
  double sum = 0;
  double length = 0;
  for (const Bucket& bucket : buckets) {
    sum += bucket.share[part] * bucket.seconds;
    length += bucket.seconds;
  }
  return length > 0 ? sum / length : 0;
}

BandGatherer::BandGatherer(sample::WallTime begin, sample::WallTime end, std::size_t count)
    : begin_(seconds_of(begin)),
      length_(std::max(seconds_of(end) - seconds_of(begin), 1e-3) / static_cast<double>(count)),
      count_(count) {}

Band& BandGatherer::band_of(int device) {
  const auto at = std::ranges::lower_bound(bands_, device, {}, &Band::device);
  if (at != bands_.end() && at->device == device) return *at;
  Band band;
  band.device = device;
  band.buckets.resize(count_);
  return *bands_.insert(at, std::move(band));
}

void BandGatherer::spread(Band& band, const Appraisal& device) {
  const double end = (seconds_of(device.sample.at) - begin_) / length_;
  const double begin = end - device.sample.window.value() / length_;
  const auto part = shares(device.ladder.losses);
  const auto first = static_cast<std::size_t>(std::max(begin, 0.0));
  for (std::size_t i = first; i < count_ && static_cast<double>(i) < end; ++i) {
    const double here = static_cast<double>(i);
    const double overlap = (std::min(end, here + 1) - std::max(begin, here)) * length_;
    if (!(overlap > 0)) continue;
    Bucket& bucket = band.buckets[i];
    const double sum = bucket.seconds + overlap;
    for (std::size_t p = 0; p < part.size(); ++p)
      bucket.share[p] = (bucket.share[p] * bucket.seconds + part[p] * overlap) / sum;
    bucket.seconds = sum;
    if (!device.findings.empty()) bucket.causes[device.findings.front().cause] += overlap;
  }
}

void BandGatherer::add(const appraise::AppraisedSnapshot& snapshot) {
  for (const Appraisal& device : snapshot.devices) {
    Band& band = band_of(device.facts.index);
    // A device that was lost was paid for all the same: its ladder says that nothing is placed.
    const double seconds = device.sample.window.value();
    band.seconds += seconds;
    if (device.cost.per_hour) band.paid_usd += device.cost.per_hour->value() * seconds / 3600;
    if (device.cost.lost_at_least)
      band.lost_usd += device.cost.lost_at_least->value() * seconds / 3600;
    band.floor = band.floor || !device.cost.lost;
    if (!device.findings.empty()) band.causes[device.findings.front().cause] += seconds;
    band.sm_active_raised = band.sm_active_raised || device.ladder.sm_active_raised;
    spread(band, device);
  }
}

}  // namespace assay::report

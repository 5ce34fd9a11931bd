// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/serve/derived.hpp"

namespace assay::serve {

inline constexpr std::int64_t kStart = 1'764'400'000'000'000'000;  // 2025-11-29T07:06:40Z
inline constexpr std::int64_t kSecondNs = 1'000'000'000;

// A window of some devices that ends so many seconds after kStart: SM active is `active`, and a
// hundredth more on each further device.
inline sample::Snapshot window_at(double seconds, std::size_t devices, double active) {
  sample::Snapshot snapshot;
  snapshot.at.unix_ns = kStart + static_cast<std::int64_t>(seconds * 1e9);
  snapshot.origin = {sample::OriginKind::simulation, "test"};
  for (std::size_t i = 0; i < devices; ++i) {
    sample::DeviceSample device = appraise::one_thread_device();
    device.facts.index = static_cast<int>(i);
    device.facts.uuid = "GPU-" + std::to_string(i);
    device.sample.at = snapshot.at;
    device.sample.at_id(metric::Id::sm_active) = sample::Reading<double>::measured(
        active + 0.01 * static_cast<double>(i), metric::Source::gpm, Seconds(1));
    snapshot.devices.push_back(device);
  }
  return snapshot;
}

inline std::vector<sample::DeviceFacts> facts_of(const sample::Snapshot& snapshot) {
  std::vector<sample::DeviceFacts> facts;
  for (const sample::DeviceSample& device : snapshot.devices) facts.push_back(device.facts);
  return facts;
}

inline appraise::AppraisedSnapshot appraised(const sample::Snapshot& snapshot) {
  appraise::AppraisedSnapshot out;
  out.at = snapshot.at;
  out.origin = snapshot.origin;
  out.self = snapshot.self;
  for (const sample::DeviceSample& device : snapshot.devices)
    out.devices.push_back(appraise::appraise(device, appraise::priced_board()));
  return out;
}

inline std::vector<DerivedValues> derived_values(const sample::Snapshot& snapshot) {
  std::vector<DerivedValues> values;
  for (const appraise::Appraisal& device : appraised(snapshot).devices)
    values.push_back(derived_of(device));
  return values;
}

}  // namespace assay::serve

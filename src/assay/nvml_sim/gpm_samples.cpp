// SPDX-License-Identifier: Apache-2.0
#include "assay/nvml_sim/gpm_samples.hpp"

namespace assay::nvml_sim {

GpmSamples::Handle GpmSamples::create() {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = next_++;
  samples_.emplace(number, GpmSample{});
  return Numbers::of(number);
}

bool GpmSamples::erase(Handle handle) {
  const std::lock_guard lock(mutex_);
  const auto number = Numbers::number(handle);
  return number && samples_.erase(*number) == 1;
}

bool GpmSamples::store(Handle handle, const GpmSample& sample) {
  const std::lock_guard lock(mutex_);
  const auto number = Numbers::number(handle);
  const auto found = number ? samples_.find(*number) : samples_.end();
  if (found == samples_.end()) return false;
  found->second = sample;
  return true;
}

std::optional<GpmSample> GpmSamples::load(Handle handle) {
  const std::lock_guard lock(mutex_);
  const auto number = Numbers::number(handle);
  const auto found = number ? samples_.find(*number) : samples_.end();
  if (found == samples_.end()) return std::nullopt;
  return found->second;
}

}  // namespace assay::nvml_sim

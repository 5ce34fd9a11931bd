// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/shared.hpp"

#include <fmt/format.h>

namespace assay::probe::nvml {

void Shared::note(int device, std::string kind, std::string text) {
  const sample::WallTime at = clock->wall();
  const std::lock_guard lock(mutex);
  if (events.size() >= kMostEvents) events.erase(events.begin());
  events.push_back({at, device, std::move(kind), std::move(text)});
}

void Shared::wake_all() {
  for (const auto& sweep : sweeps) sweep->wake.notify_all();
  to_patrol.notify_all();
  to_caller.notify_all();
}

std::string label(const sample::DeviceFacts& facts) {
  if (facts.name.empty()) return fmt::format("device {}", facts.index);
  return fmt::format("device {} ({})", facts.index, facts.name);
}

}  // namespace assay::probe::nvml

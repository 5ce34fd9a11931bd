// SPDX-License-Identifier: Apache-2.0
#include "assay/nvml_sim/event_sets.hpp"

namespace assay::nvml_sim {

std::uint64_t event_type(sim::EventKind kind) {
  switch (kind) {
    case sim::EventKind::xid: return nvml_abi::kEventXid;
    case sim::EventKind::ecc_corrected: return nvml_abi::kEventCorrectedEcc;
    case sim::EventKind::ecc_uncorrected: return nvml_abi::kEventUncorrectedEcc;
    default: return 0;
  }
}

EventSets::Handle EventSets::create() {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = next_++;
  sets_.emplace(number, std::make_shared<EventSet>());
  return Numbers::of(number);
}

std::shared_ptr<EventSet> EventSets::find(Handle handle) {
  const std::lock_guard lock(mutex_);
  const auto number = Numbers::number(handle);
  const auto found = number ? sets_.find(*number) : sets_.end();
  return found == sets_.end() ? nullptr : found->second;
}

bool EventSets::erase(Handle handle) {
  const std::lock_guard lock(mutex_);
  const auto number = Numbers::number(handle);
  const auto found = number ? sets_.find(*number) : sets_.end();
  if (found == sets_.end()) return false;
  const std::shared_ptr<EventSet> set = found->second;
  sets_.erase(found);
  const std::lock_guard set_lock(set->mutex);
  set->freed = true;
  return true;
}

}  // namespace assay::nvml_sim

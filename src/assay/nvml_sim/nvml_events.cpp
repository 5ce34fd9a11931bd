// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {

Return Nvml::event_set_create(abi::EventSetHandle* out) {
  if (const Return code = ready(); code != Return::success) return code;
  if (out == nullptr) return Return::invalid_argument;
  *out = event_sets_.create();
  return Return::success;
}

Return Nvml::event_set_free(abi::EventSetHandle set) {
  if (const Return code = ready(); code != Return::success) return code;
  return event_sets_.erase(set) ? Return::success : Return::invalid_argument;
}

Return Nvml::supported_events(Device device, u64* out) {
  return give(device, out, [](const Board&) { return kKnownEvents; });
}

// Events count from now on. A second registration of a device adds to its types.
Return Nvml::event_register(Device device, u64 types, abi::EventSetHandle handle) {
  if (const Return code = ready(); code != Return::success) return code;
  const std::shared_ptr<EventSet> set = event_sets_.find(handle);
  if (set == nullptr) return Return::invalid_argument;
  const std::lock_guard lock(set->mutex);
  return on(device, [&](Board& board) {
    if ((types & ~kKnownEvents) != 0) return Return::not_supported;
    const auto same = [&](const EventSet::Registration& r) { return r.board == &board; };
    const auto found = std::ranges::find_if(set->registrations, same);
    if (found != set->registrations.end()) found->types |= types;
    else set->registrations.push_back({&board, device, types, board.device().log().size()});
    return Return::success;
  });
}

// The earliest event that is not told yet. Only then a device that is lost.
Return Nvml::next_event(EventSet& set, abi::EventData& out) {
  const std::lock_guard lock(set.mutex);
  if (set.freed) return Return::invalid_argument;
  EventSet::Registration* earliest = nullptr;
  sim::LogEntry event{.at_ns = std::numeric_limits<std::int64_t>::max()};
  bool lost = false;
  for (EventSet::Registration& registration : set.registrations) {
    const std::lock_guard board_lock(registration.board->mutex());
    registration.board->advance_to(time_->now_ns());
    lost = lost || registration.board->moment().presence == sim::Presence::lost;
    const auto log = registration.board->device().log();
    while (registration.read < log.size() &&
           (event_type(log[registration.read].kind) & registration.types) == 0)
      ++registration.read;
    if (registration.read == log.size() || log[registration.read].at_ns >= event.at_ns) continue;
    earliest = &registration;
    event = log[registration.read];
  }
  if (earliest == nullptr) return lost ? Return::gpu_is_lost : Return::timeout;
  ++earliest->read;
  const bool xid = event.kind == sim::EventKind::xid;
  out = {.device = earliest->device,
         .type = event_type(event.kind),
         .data = xid ? static_cast<u64>(event.value) : 0,
         .gpu_instance = std::numeric_limits<u32>::max(),
         .compute_instance = std::numeric_limits<u32>::max()};
  return Return::success;
}

Return Nvml::wait(abi::EventSetHandle handle, abi::EventData& out, u32 timeout_ms) {
  const std::shared_ptr<EventSet> set = event_sets_.find(handle);
  if (set == nullptr) return Return::invalid_argument;
  const std::int64_t until = time_->now_ns() + std::int64_t{timeout_ms} * 1'000'000;
  Return code = next_event(*set, out);
  while (code == Return::timeout && time_->now_ns() < until) {
    time_->wait_until(until);
    code = ready() == Return::success ? next_event(*set, out) : Return::uninitialized;
  }
  return code;
}

Return Nvml::event_wait(abi::EventSetHandle set, abi::EventData* out, u32 timeout_ms) {
  if (const Return code = ready(); code != Return::success) return code;
  if (out == nullptr) return Return::invalid_argument;
  abi::EventData event{};
  const Return code = wait(set, event, timeout_ms);
  if (code == Return::success) *out = event;
  return code;
}

Return Nvml::event_wait_v1(abi::EventSetHandle set, abi::EventDataV1* out, u32 timeout_ms) {
  if (const Return code = ready(); code != Return::success) return code;
  if (out == nullptr) return Return::invalid_argument;
  abi::EventData event{};
  const Return code = wait(set, event, timeout_ms);
  if (code == Return::success) *out = {event.device, event.type, event.data};
  return code;
}

}  // namespace assay::nvml_sim

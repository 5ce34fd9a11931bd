// SPDX-License-Identifier: Apache-2.0
// How busy a device is, by the driver's sampling windows.
#include <algorithm>
#include <cmath>

#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

constexpr u32 kEnginePeriodUs = 100'000;  // as an H100's driver 580.159 says

u32 as_percent(double share) {
  return static_cast<u32>(std::lround(100.0 * std::clamp(share, 0.0, 1.0)));
}

// The samples of one kind: nothing where the driver has no such buffer.
std::optional<u32> sample_value(const Window& window, u32 type) {
  switch (type) {
    case abi::kSamplePower: return static_cast<u32>(std::lround(window.watts * 1e3));
    case abi::kSampleGpu: return as_percent(window.busy);
    case abi::kSampleMemory: return as_percent(window.memory);
    case abi::kSampleEncoder:  // the simulated work uses none of these engines
    case abi::kSampleDecoder:
    case abi::kSampleJpeg:
    case abi::kSampleOpticalFlow: return 0U;
    default: return std::nullopt;
  }
}

bool is_clock_sample(u32 type) {
  return type == abi::kSampleProcessorClock || type == abi::kSampleMemoryClock;
}

}  // namespace

Return Nvml::utilization(Device device, abi::Utilization* out) {
  return on(device, [&](const Board& board) {
    if (out == nullptr) return Return::invalid_argument;
    const Window window = board.latest();
    *out = {as_percent(window.busy), as_percent(window.memory)};
    return Return::success;
  });
}

Return Nvml::engine_utilization(Device device, u32* percent, u32* period_us) {
  return on(device, [&](const Board&) {
    if (percent == nullptr || period_us == nullptr) return Return::invalid_argument;
    *percent = 0;  // the simulated work uses no such engine
    *period_us = kEnginePeriodUs;
    return Return::success;
  });
}
Return Nvml::late_engine_utilization(Device device, u32* percent, u32* period_us) {
  return engine_utilization(device, percent, period_us);
}
Return Nvml::encoder_stats(Device device, u32* sessions, u32* fps, u32* latency_us) {
  return on(device, [&](const Board&) {
    if (sessions == nullptr || fps == nullptr || latency_us == nullptr)
      return Return::invalid_argument;
    *sessions = *fps = *latency_us = 0;
    return Return::success;
  });
}

// A null buffer asks for the size. A buffer that is too small gets the oldest that fit.
Return Nvml::samples(Device device, u32 type, u64 last_seen_us, u32* value_type, u32* count,
                     abi::UtilizationSample* out) {
  return on(device, [&](const Board& board) {
    if (value_type == nullptr || count == nullptr) return Return::invalid_argument;
    if (is_clock_sample(type)) return Return::not_found;
    if (!sample_value({}, type)) return Return::invalid_argument;
    *value_type = static_cast<u32>(abi::ValueType::u32);
    if (out == nullptr) {
      *count = static_cast<u32>(kSampleDepth);
      return Return::success;
    }
    u32 used = 0;
    for (const Window& window : board.windows()) {
      const auto at_us = static_cast<u64>(time_->wall_us(window.end_ns));
      if (at_us <= last_seen_us || used == *count) continue;
      out[used] = {at_us, {}};
      out[used++].value.as_u64 = *sample_value(window, type);
    }
    if (used == 0) return Return::not_found;
    *count = used;
    return Return::success;
  });
}

// Each process's share of time, as the mean over the windows since last_seen_us; only processes
// that used any. Memory time is split as compute time is: the simulator does not tell whose it was.
template <typename Fill>
Return Nvml::utilization_entries(Board& board, u64 last_seen_us, u32* count, bool sizing,
                                 Fill fill) {
  struct Use {
    std::int64_t pid = 0;
    double compute = 0;
    double memory = 0;
  };
  std::vector<Use> uses;
  double windows = 0;
  std::int64_t newest_ns = 0;
  for (const Window& window : board.windows()) {
    if (static_cast<u64>(time_->wall_us(window.end_ns)) <= last_seen_us) continue;
    windows += 1;
    newest_ns = window.end_ns;
    for (const ProcessShare& share : window.processes) {
      if (share.compute <= 0) continue;
      const auto same = [&](const Use& use) { return use.pid == share.pid; };
      auto use = std::ranges::find_if(uses, same);
      if (use == uses.end()) use = uses.insert(uses.end(), Use{.pid = share.pid});
      use->compute += share.compute;
      use->memory += window.busy > 0 ? window.memory * share.compute / window.busy : 0.0;
    }
  }
  if (uses.empty()) return Return::not_found;
  const u32 room = *count;
  *count = static_cast<u32>(uses.size());
  if (sizing || room < uses.size()) return Return::insufficient_size;
  for (u32 i = 0; i < *count; ++i)
    fill(i, static_cast<u32>(uses[i].pid), static_cast<u64>(time_->wall_us(newest_ns)),
         as_percent(uses[i].compute / windows), as_percent(uses[i].memory / windows));
  return Return::success;
}

Return Nvml::process_utilization(Device device, abi::ProcessUtilization* out, u32* count,
                                 u64 last_seen_us) {
  return on(device, [&](Board& board) {
    if (count == nullptr) return Return::invalid_argument;
    const auto fill = [out](u32 i, u32 pid, u64 at_us, u32 sm, u32 memory) {
      out[i] = {pid, at_us, sm, memory, 0, 0};
    };
    return utilization_entries(board, last_seen_us, count, out == nullptr, fill);
  });
}
Return Nvml::processes_utilization(Device device, abi::ProcessesUtilization* list) {
  return on(device, [&](Board& board) {
    if (list == nullptr) return Return::invalid_argument;
    if (list->version != abi::version_tag(sizeof(abi::ProcessesUtilization), 1))
      return Return::argument_version_mismatch;
    const auto fill = [list](u32 i, u32 pid, u64 at_us, u32 sm, u32 memory) {
      list->entries[i] = {at_us, pid, sm, memory, 0, 0, 0, 0};
    };
    return utilization_entries(board, list->last_seen_us, &list->count, list->entries == nullptr,
                               fill);
  });
}

}  // namespace assay::nvml_sim

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "assay/nvml_sim/fixture_for_tests.hpp"
#include "assay/nvml_sim/random_calls_for_tests.hpp"

namespace assay::nvml_sim {

// The calls go straight to an Nvml, in time that stands still between them.
class DirectCalls {
 public:
  static constexpr u32 kLongestWaitMs = UINT32_MAX;

  explicit DirectCalls(std::vector<sim::DevicePlan> devices) : rig_(std::move(devices)) {}
  Return init() { return rig_.nvml->init(); }
  void pass(std::int64_t ns) { rig_.time->advance(ns); }

#define ASSAY_NVML_CALL(symbol, method, parameters, arguments) \
  Return symbol parameters { return rig_.nvml->method arguments; }
#define ASSAY_NVML_SAME ASSAY_NVML_CALL
#include "assay/nvml_sim/calls.def"
#undef ASSAY_NVML_CALL
#undef ASSAY_NVML_SAME

 private:
  Rig rig_;
};

// A device that is lost and back, one whose driver is reloaded, one without GPM.
inline std::vector<sim::DevicePlan> troubled_devices() {
  sim::DevicePlan lost = busy_h100();
  lost.events = {{.at_ns = milliseconds_ns(60'000), .kind = sim::EventKind::lost},
                 {.at_ns = milliseconds_ns(90'000), .kind = sim::EventKind::back}};
  for (std::int64_t s = 100; s < 3600; ++s)
    lost.events.push_back(
        {.at_ns = milliseconds_ns(1000 * s), .kind = sim::EventKind::xid, .value = 31});
  sim::DevicePlan reloaded = plan_of("h100-sxm5-80gb");
  add(reloaded, {.grid = 66, .busy_ns = milliseconds_ns(3), .gap_ns = milliseconds_ns(2)});
  add(reloaded, {.pid = 200, .grid = 66});
  reloaded.events = {{.at_ns = milliseconds_ns(70'000), .kind = sim::EventKind::driver_unload},
                     {.at_ns = milliseconds_ns(71'000), .kind = sim::EventKind::driver_load}};
  return {std::move(lost), std::move(reloaded), plan_of("v100-sxm2-32gb")};
}

// `calls` calls, or as many as the bytes last. Gives back how many of each symbol succeeded.
inline std::array<u64, kSymbols.size()> fuzz_nvml(Choice& choice, std::size_t calls) {
  DirectCalls target(troubled_devices());
  Caller caller(target, choice);
  caller.run(calls);
  return caller.successes();
}

}  // namespace assay::nvml_sim

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

#include "assay/probe/nvml/calls.hpp"
#include "assay/probe/nvml/nvml.hpp"

namespace assay::test {

// What goes wrong with one call.
struct Fault {
  probe::nvml::Return code = probe::nvml::Return::success;  // else it answers this
  std::int64_t delay_ns = 0;                                // it comes back so much later
  bool nonsense = false;   // it succeeds with what can't be: NaN, 2^64, a counter that went back
  std::uint64_t dice = 0;  // for the choice of nonsense
};

// One call that, once made from that moment on, does not come back before the run is over.
struct Hang {
  int device = 0;
  probe::nvml::Call call{};
  bool fast = true;  // by the thread that takes the samples, or by the one for what is slow
  std::int64_t from_ns = 0;
};

// A seeded schedule: one call with one code, which walk through all pairs from seed to seed, most
// of the time, and now and then anything else. The decision is a function of the seed, the device
// and how many calls its lane has made, so a run repeats to the bit. Any thread may call.
class FaultPlan {
 public:
  FaultPlan(std::uint64_t seed, bool delays);

  [[nodiscard]] Fault next(probe::nvml::Call call, int device, std::uint64_t number) const;
  // From now on nothing goes wrong.
  void end() { over_ = true; }

  [[nodiscard]] probe::nvml::Call chosen_call() const { return call_; }
  [[nodiscard]] probe::nvml::Return chosen_code() const { return code_; }
  [[nodiscard]] bool delays() const { return delays_; }

 private:
  std::uint64_t seed_;
  probe::nvml::Call call_;
  probe::nvml::Return code_;
  bool delays_;
  std::atomic<bool> over_{false};
};

}  // namespace assay::test

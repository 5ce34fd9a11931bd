// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

#include "assay/probe/nvml/calls.hpp"
#include "assay/probe/nvml/clock.hpp"
#include "assay/probe/nvml/codes.hpp"
#include "assay/probe/nvml/nvml.hpp"

namespace assay::probe::nvml {

// The call that a thread is in right now, for others to see when it does not come back.
class InFlight {
 public:
  struct Now {
    Call call;
    std::int64_t since_ns;
  };
  void begin(Call call, std::int64_t now_ns) {
    call_.store(call, std::memory_order_relaxed);
    since_ns_.store(now_ns, std::memory_order_release);
  }
  void end() { since_ns_.store(kIdle, std::memory_order_release); }
  // The call and when it began; nothing while the thread is outside the driver.
  [[nodiscard]] std::optional<Now> now() const {
    const std::int64_t since = since_ns_.load(std::memory_order_acquire);
    if (since == kIdle) return std::nullopt;
    return Now{call_.load(std::memory_order_relaxed), since};
  }

 private:
  static constexpr std::int64_t kIdle = -1;
  std::atomic<Call> call_{Call::init};
  std::atomic<std::int64_t> since_ns_{kIdle};
};

// One thread's line to one device: says which call is in flight, and remembers the first code that
// concerns the whole device. `nvml`, `clock` and `in_flight` outlive it.
class Line {
 public:
  Line(Nvml& nvml, const Clock& clock, InFlight& in_flight)
      : nvml_(nvml), clock_(clock), in_flight_(in_flight) {}

  struct Trouble {
    Call call;
    Return code;
  };

  // Runs f(nvml, device) as `call`.
  template <typename F>
  Return run(Call call, F&& f) {
    in_flight_.begin(call, clock_.now_ns());
    const Return code = std::forward<F>(f)(nvml_, device_);
    in_flight_.end();
    if (!trouble_ && is_device_trouble(code)) trouble_ = Trouble{call, code};
    return code;
  }

  [[nodiscard]] Device device() const { return device_; }
  void set_device(Device device) { device_ = device; }
  [[nodiscard]] std::int64_t now_ns() const { return clock_.now_ns(); }
  [[nodiscard]] const std::optional<Trouble>& trouble() const { return trouble_; }
  void set_trouble(Call call, Return code) { trouble_ = Trouble{call, code}; }
  void clear_trouble() { trouble_.reset(); }

 private:
  Nvml& nvml_;
  const Clock& clock_;
  InFlight& in_flight_;
  Device device_ = nullptr;
  std::optional<Trouble> trouble_;
};

}  // namespace assay::probe::nvml

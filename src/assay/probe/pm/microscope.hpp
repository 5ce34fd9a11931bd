// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/probe/pm/metric_set.hpp"
#include "assay/sample/timeline.hpp"

namespace assay::probe::pm {

struct Setup {
  int device = 0;                       // CUDA's index
  Seconds interval{100e-6};             // 10 us to 10 ms
  std::vector<sample::Channel> wanted;  // empty: all that fit one pass
};

// PM sampling of a whole device by CUPTI, from this process, whoever uses the device. It takes the
// device's counters for itself while it is open (no other profiler can have them), and gives them
// back when it goes. It changes no clock and no setting. One thread; one look, burst or stream.
class Microscope {
 public:
  // Errors say who or what refuses and the exact remedy.
  static Result<Microscope> open(std::shared_ptr<const Library> library, const Setup& setup);
  Microscope(Microscope&&) noexcept;
  Microscope& operator=(Microscope&&) = delete;
  ~Microscope();

  [[nodiscard]] std::span<const Column> columns() const;
  // Of the board; empty where the driver does not say.
  [[nodiscard]] std::string name() const;

  using Stopped = std::function<bool()>;  // true ends it early
  // Gets the ticks in order, on the caller's thread.
  using Take = std::function<void(std::span<const sample::Tick>)>;

  // Samples for `length` into the device's own buffer and reads it when that is over: nothing but
  // the buffer limits the rate. Takes some 50 KiB of memory a tick with all channels, 7 KiB with
  // one; invalid_argument where that is more than 2 GiB.
  Result<sample::Losses> burst(Seconds length, const Stopped& stopped, const Take& take);

  // Reads while it samples, for as long as asked. Where the device's buffer runs over, sampling is
  // begun again, and what was missed counts as lost.
  Result<sample::Losses> stream(Seconds length, const Stopped& stopped, const Take& take);

 private:
  class Session;
  class Watch;
  explicit Microscope(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace assay::probe::pm

// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/clock.hpp"

#include <chrono>

namespace assay::probe::nvml {
namespace {

class SteadyClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ns() const override {
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  [[nodiscard]] sample::WallTime wall() const override {
    return {std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count()};
  }
  void wait_until(std::condition_variable& cv, std::unique_lock<std::mutex>& lock,
                  std::int64_t until_ns) override {
    cv.wait_until(lock, std::chrono::steady_clock::time_point(std::chrono::nanoseconds(until_ns)));
  }
};

}  // namespace

std::shared_ptr<Clock> steady_clock() { return std::make_shared<SteadyClock>(); }

}  // namespace assay::probe::nvml

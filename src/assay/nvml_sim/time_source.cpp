// SPDX-License-Identifier: Apache-2.0
#include "assay/nvml_sim/time_source.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>

namespace assay::nvml_sim {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLongestNap = 20'000'000;  // a freed event set is noticed within this

std::int64_t read(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return std::int64_t{t.tv_sec} * kSecond + t.tv_nsec;
}

}  // namespace

std::int64_t MonotonicTime::monotonic_ns() { return read(CLOCK_MONOTONIC); }

MonotonicTime::MonotonicTime(std::int64_t epoch_ns)
    : epoch_ns_(epoch_ns),
      wall_epoch_us_((read(CLOCK_REALTIME) - (monotonic_ns() - epoch_ns)) / 1000) {}

std::int64_t MonotonicTime::now_ns() {
  return std::max<std::int64_t>(monotonic_ns() - epoch_ns_, 0);
}

std::int64_t MonotonicTime::wall_us(std::int64_t at_ns) { return wall_epoch_us_ + at_ns / 1000; }

void MonotonicTime::wait_until(std::int64_t at_ns) {
  const std::int64_t left = std::min(at_ns - now_ns(), kLongestNap);
  if (left > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(left));
}

}  // namespace assay::nvml_sim

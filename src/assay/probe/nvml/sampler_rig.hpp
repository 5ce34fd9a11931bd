// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <thread>

#include "assay/base/check.hpp"
#include "assay/probe/nvml/fake_clock.hpp"
#include "assay/probe/nvml/fake_nvml.hpp"
#include "assay/probe/nvml/sampler.hpp"

namespace assay::probe::nvml {

// A sampler over fake devices in fake time, for tests. Time moves only when the test says so; real
// time is only spent until the sampler's threads have done what is due.
class SamplerRig {
 public:
  explicit SamplerRig(int devices = 1, Seconds period = Seconds(1))
      : nvml(std::make_shared<FakeNvml>(devices)), clock(std::make_shared<FakeClock>()) {
    options.period = period;
    options.deadline = Seconds(2);
    options.clock = clock;
  }
  ~SamplerRig() {
    nvml->release();  // no thread outlives a test
    sampler.reset();
    nvml->on_call({});
  }

  void start() {
    auto started = Sampler::start(nvml, options);
    CHECK(started.ok());
    sampler = *std::move(started);
  }
  // The next window, when no device hangs in it.
  sample::Snapshot window() {
    clock->advance(options.period);
    return sampler->next();
  }
  // The next window when the devices of `hung` do: time passes to the deadline once the others have
  // published.
  sample::Snapshot window_with_hang(const std::set<std::size_t>& hung) {
    std::map<std::size_t, std::int64_t> before;
    const std::size_t count = sampler->devices().size();
    for (std::size_t i = 0; i < count; ++i) before[i] = sampler->published(i);
    auto next = std::async(std::launch::async, [&] { return sampler->next(); });
    clock->advance(options.period);
    for (std::size_t i = 0; i < count; ++i)
      if (!hung.contains(i)) until([&] { return sampler->published(i) > before[i]; });
    until([&] { return nvml->hung() >= static_cast<int>(hung.size()); });
    clock->advance(options.deadline);
    return next.get();
  }
  // Spins (really) until the threads have made it so; ends the test program if they never do.
  static void until(const std::function<bool()>& done) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done() && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    CHECK(done());
  }

  std::shared_ptr<FakeNvml> nvml;
  std::shared_ptr<FakeClock> clock;
  SamplerOptions options;
  std::unique_ptr<Sampler> sampler;
};

// The sample of a rig's one device.
inline const sample::Sample& only(const sample::Snapshot& snapshot) {
  return snapshot.devices.at(0).sample;
}

}  // namespace assay::probe::nvml

// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/repeats.hpp"

#include <algorithm>
#include <utility>

namespace assay::sample {
namespace {

constexpr double kLonger = 1.5;     // a window may be a little longer than its grid's
constexpr Seconds kOfTheMoment{2};  // GPU-Util is over up to 1 s, and read in each window

template <typename T>
Reading<T> marked(const Reading<T>& now, const Reading<T>& before, bool of_another_time) {
  if (!now.usable() || !of_another_time || now != before) return now;
  return Reading<T>::stale(now.raw(), Reason::between_rounds, now.source(), now.window());
}

}  // namespace

void Repeats::remember(const Snapshot& snapshot) {
  for (const DeviceSample& device : snapshot.devices) {
    Before& before = before_[device.facts.index];
    before.readings = device.sample.readings;
    before.shares.clear();
    for (const Process& process : device.sample.processes)
      before.shares[process.pid] = process.time_share;
  }
}

void Repeats::mark(Snapshot& snapshot) {
  const auto last = std::exchange(before_, {});
  remember(snapshot);
  for (DeviceSample& device : snapshot.devices) {
    const auto it = last.find(device.facts.index);
    if (it == last.end()) continue;
    Sample& sample = device.sample;
    const auto longer = [&](Seconds window) {
      return window > std::max(sample.window * kLonger, kOfTheMoment);
    };
    for (std::size_t i = 0; i < sample.readings.size(); ++i)
      sample.readings[i] =
          marked(sample.readings[i], it->second.readings[i], longer(sample.readings[i].window()));
    for (Process& process : sample.processes) {
      const auto share = it->second.shares.find(process.pid);
      // A share that was called measured and over no time was of all that the driver still had.
      const Seconds window = process.time_share.window();
      const bool over_nothing =
          window == Seconds(0) && process.time_share.state() == State::measured;
      if (share != it->second.shares.end())
        process.time_share =
            marked(process.time_share, share->second, longer(window) || over_nothing);
    }
  }
}

}  // namespace assay::sample

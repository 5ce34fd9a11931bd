// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/device_log.hpp"

#include <algorithm>
#include <utility>

namespace assay::cli {

using metric::Id;

DeviceLog::DeviceLog(Meter& meter, store::Recorder* recorder)
    : meter_(meter), recorder_(recorder), thread_([this] { run(); }) {}

DeviceLog::~DeviceLog() { stop(); }

void DeviceLog::stop() {
  if (!thread_.joinable()) return;
  over_ = true;
  meter_->wake();
  thread_.join();
}

void DeviceLog::run() {
  for (;;) {
    const auto window = meter_->next_unless_woken();
    if (window) take(*window);
    if (!over_) continue;
    // Woken in the middle of a window: what there is of it is the job's end.
    if (!window) take(meter_->cut());
    return;
  }
}

void DeviceLog::take(const sample::Snapshot& snapshot) {
  ++windows_;
  self_ = snapshot.self;
  at_ = snapshot.at;
  if (recorder_ != nullptr && recorded_) recorded_ = recorder_->add(snapshot);
  for (const sample::Event& event : meter_->take_events())
    if (recorder_ != nullptr && recorded_) recorded_ = recorder_->add(event);
  devices_.resize(std::max(devices_.size(), snapshot.devices.size()));
  for (std::size_t i = 0; i < snapshot.devices.size(); ++i) {
    const sample::Sample& sample = snapshot.devices[i].sample;
    Device& device = devices_[i];
    device.facts = snapshot.devices[i].facts;
    device.merger.add(sample);
    device.work.add(sample);
    if (const auto power = sample.get<Id::power>().value())
      device.energy = device.energy.value_or(Joules(0)) + *power * sample.window;
  }
}

std::vector<DeviceRun> DeviceLog::devices() const {
  std::vector<DeviceRun> out;
  for (const Device& device : devices_) {
    if (device.merger.empty()) continue;
    out.push_back({.merged = {device.facts, device.merger.result()},
                   .working = device.work.result(),
                   .energy = device.energy});
  }
  return out;
}

}  // namespace assay::cli

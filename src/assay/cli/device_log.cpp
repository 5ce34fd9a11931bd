// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/device_log.hpp"

#include <algorithm>
#include <utility>

namespace assay::cli {

using metric::Id;

namespace {

// The window may end a little before it is taken.
constexpr std::chrono::milliseconds kSlack{20};

bool restarted_within(const Magnifier& magnifier, const sample::DeviceSample& device) {
  const auto length = std::chrono::duration_cast<Magnifier::Clock::duration>(
      std::chrono::duration<double>(device.sample.window.value()));
  return magnifier.restarted(device.facts.uuid, Magnifier::Clock::now() - length - kSlack);
}

// Where another has taken the counters meanwhile, a difference of them reads 0 or too little.
void forget_counters(sample::Sample& sample) {
  for (sample::Reading<double>& reading : sample.readings)
    if (reading.source() == sample::Source::gpm)
      reading = sample::Reading<double>::unknown(sample::Reason::no_new_data, sample::Source::gpm,
                                                 sample.window);
}

}  // namespace

DeviceLog::DeviceLog(Meter& meter, store::Recorder* recorder, Magnifier* magnifier)
    : meter_(meter), recorder_(recorder), magnifier_(magnifier), thread_([this] { run(); }) {}

DeviceLog::~DeviceLog() { stop(); }

void DeviceLog::stop() {
  if (!thread_.joinable()) return;
  over_ = true;
  meter_->wake();
  thread_.join();
}

void DeviceLog::run() {
  for (;;) {
    auto window = meter_->next_unless_woken();
    const bool whole = window.has_value();
    if (whole) take(*std::move(window));
    if (!over_) continue;
    // Woken in the middle of a window: what there is of it is the job's end.
    if (!whole) take(meter_->cut());
    return;
  }
}

void DeviceLog::take(sample::Snapshot snapshot) {
  if (magnifier_ != nullptr)
    for (sample::DeviceSample& device : snapshot.devices)
      if (restarted_within(*magnifier_, device)) forget_counters(device.sample);
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
    if (const auto power = sample.get<Id::power>().value()) {
      device.energy += *power * sample.window;
      device.with_power += sample.window;
    }
    offer(device, sample);
  }
}

// A look costs the windows that it touches their counters. First come those that the job is judged
// by (sample::WorkSpan leaves out the first with work): so a job too short for both has no look.
void DeviceLog::offer(Device& device, const sample::Sample& sample) {
  constexpr int kWhatItIsJudgedBy = 3;
  const bool known = sample.at_id(Id::sm_active).usable();
  if (known && sample::shows_work(sample)) ++device.judged;
  if (magnifier_ != nullptr && device.judged >= kWhatItIsJudgedBy)
    magnifier_->offer(device.facts, device.work.result());
}

std::vector<DeviceRun> DeviceLog::devices() const {
  std::vector<DeviceRun> out;
  for (const Device& device : devices_) {
    if (device.merger.empty()) continue;
    out.push_back({.merged = {device.facts, device.merger.result()},
                   .working = device.work.result(),
                   .power = device.with_power > Seconds(0)
                                ? std::optional(device.energy / device.with_power)
                                : std::nullopt});
  }
  return out;
}

}  // namespace assay::cli

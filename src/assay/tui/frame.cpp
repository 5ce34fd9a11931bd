// SPDX-License-Identifier: Apache-2.0
#include "assay/tui/frame.hpp"

#include <fmt/format.h>

#include "assay/format/headline.hpp"
#include "assay/ladder/rung.hpp"
#include "assay/tui/engine_frame.hpp"

namespace assay::tui {
namespace {

using appraise::Appraisal;
using metric::Id;
using sample::Reading;
using sample::Reason;

std::string beside(const sample::Sample& sample) {
  std::string out;
  for (const std::string& item : format::beside_ladder(sample))
    out += fmt::format("{}{}", out.empty() ? "" : " | ", item);
  return out;
}

std::shared_ptr<const sample::DeviceFacts> shared_facts(const sample::DeviceFacts& facts,
                                                        const Frame* previous, std::size_t i) {
  if (previous != nullptr && i < previous->devices.size() && *previous->devices[i].facts == facts)
    return previous->devices[i].facts;
  return std::make_shared<const sample::DeviceFacts>(facts);
}

DeviceFrame device_frame(const Appraisal& device) {
  DeviceFrame frame;
  frame.presence = device.sample.presence;
  frame.trouble = device.sample.trouble;
  frame.window = device.sample.window;
  frame.ladder = device.ladder;
  frame.gpu_util = format::gpu_util_said(device.sample);
  frame.sm_active = ladder::sound_ratio(device.sample, Id::sm_active);
  frame.cost = device.cost;
  frame.findings = device.findings;
  for (causes::Finding& finding : frame.findings) finding.evidence.clear();
  frame.beside = beside(device.sample);
  frame.processes_reason = device.sample.processes_reason;
  frame.process_count = device.sample.processes.size();
  return frame;
}

Reading<Ratio> sm_share(const DeviceFrame& device) {
  if (device.presence != sample::Presence::ok || device.processes_reason != Reason::none)
    return Reading<Ratio>::unknown(Reason::missing_input);
  if (device.process_count != 1) return Reading<Ratio>::unknown(Reason::not_supported);
  return device.sm_active;
}

}  // namespace

void RunningLoss::add(const appraise::AppraisedSnapshot& snapshot) {
  Seconds longest{0};
  for (const Appraisal& device : snapshot.devices) {
    const double hours = device.sample.window.value() / 3600;
    longest = std::max(longest, device.sample.window);
    if (!device.cost.per_hour || device.sample.presence != sample::Presence::ok) {
      is_floor = true;
      continue;
    }
    paid = paid + Dollars(device.cost.per_hour->value() * hours);
    is_floor = is_floor || !device.cost.lost;
    if (device.cost.lost_at_least)
      lost = lost + Dollars(device.cost.lost_at_least->value() * hours);
  }
  over = over + longest;
}

LossRate loss_rate(const Frame& frame) {
  LossRate rate;
  for (const DeviceFrame& device : frame.devices) {
    if (!device.cost.per_hour || device.presence != sample::Presence::ok) {
      rate.at_least = true;
      continue;
    }
    rate.paid = DollarsPerHour(rate.paid.value_or(DollarsPerHour(0)).value() +
                               device.cost.per_hour->value());
    rate.at_least = rate.at_least || !device.cost.lost;
    const double lost = device.cost.lost_at_least.value_or(DollarsPerHour(0)).value();
    rate.lost = DollarsPerHour(rate.lost.value_or(DollarsPerHour(0)).value() + lost);
  }
  return rate;
}

Frame frame_of(const appraise::AppraisedSnapshot& snapshot, const Frame* previous) {
  Frame frame{snapshot.at, snapshot.origin, snapshot.self, {}, {}, {}, {}, {}};
  for (std::size_t i = 0; i < snapshot.devices.size(); ++i) {
    const Appraisal& device = snapshot.devices[i];
    frame.devices.push_back(device_frame(device));
    frame.devices.back().facts = shared_facts(device.facts, previous, i);
    for (const sample::Process& process : device.sample.processes)
      frame.processes.push_back({device.facts.index, process, {}, sm_share(frame.devices.back())});
  }
  if (snapshot.engine) frame.engine = engine_frame(snapshot);
  if (previous != nullptr) frame.running = previous->running;
  frame.running.add(snapshot);
  return frame;
}

}  // namespace assay::tui

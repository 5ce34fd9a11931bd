// SPDX-License-Identifier: Apache-2.0
#include "assay/contrast/run.hpp"

#include <algorithm>

namespace assay::contrast {
namespace {

using appraise::Appraisal;
using metric::Id;

constexpr double kLeastShare = 0.005;
constexpr double kLeastWatts = 5;
constexpr double kLeastDollars = 0.02;

std::vector<Quantity> table() {
  std::vector<Quantity> all = {
      {Kind::rung, "gpu_util", "GPU-Util", kLeastShare},
      {Kind::rung, "held", "held", kLeastShare},
      {Kind::rung, "busy", "busy", kLeastShare},
      {Kind::rung, "sm_active", "SM active (at least SOL)", kLeastShare},
      {Kind::rung, "sol", "speed of light", kLeastShare},
      {Kind::rung, "useful", "useful", kLeastShare},
      {Kind::loss, "not_held", "nobody holds it", kLeastShare},
      {Kind::loss, "idle_held", "held, no kernel resident", kLeastShare},
      {Kind::loss, "empty_sms", "kernel resident, SMs empty", kLeastShare},
      {Kind::loss, "stalled", "warps resident, limiter idle", kLeastShare},
      {Kind::loss, "overwork", "more work than was asked for", kLeastShare},
      {Kind::loss, "unattributed", "unattributed", kLeastShare},
      {Kind::power, "power", "board power", kLeastWatts},
      {Kind::money, "lost", "lost", kLeastDollars}};
  for (const causes::CauseInfo& cause : causes::all())
    all.push_back({Kind::cause, cause.id, cause.title, kLeastShare});
  return all;
}

std::optional<double> share_of(const sample::Reading<Ratio>& reading) {
  const auto value = reading.value();
  return value ? std::optional(value->value()) : std::nullopt;
}

std::optional<double> rung_of(const Appraisal& device, std::string_view id) {
  if (id == "gpu_util") return share_of(device.sample.get<Id::gpu_util>());
  if (id == "held") return share_of(device.ladder.held);
  if (id == "busy") return share_of(device.ladder.busy);
  if (id == "sm_active") return share_of(device.ladder.sm_active);
  if (id == "sol") return share_of(device.ladder.sol.value);
  return share_of(device.ladder.useful);
}

std::optional<double> loss_of(const Appraisal& device, std::string_view id) {
  if (id == "unattributed") return device.ladder.losses.unattributed.value();
  for (const ladder::Part& part : device.ladder.losses.parts)
    if (part.name == id) return share_of(part.share);
  return std::nullopt;
}

std::optional<double> value_of(const Appraisal& device, const Quantity& quantity) {
  if (device.sample.presence != sample::Presence::ok) return std::nullopt;
  switch (quantity.kind) {
    case Kind::rung: return rung_of(device, quantity.id);
    case Kind::loss: return loss_of(device, quantity.id);
    case Kind::cause:
      return !device.findings.empty() &&
                     causes::info(device.findings.front().cause).id == quantity.id
                 ? 1.0
                 : 0.0;
    case Kind::power: return device.sample.at_id(Id::power).value();
    case Kind::money:
      return device.cost.lost ? std::optional(device.cost.lost->value()) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

const std::vector<Quantity>& quantities() {
  static const std::vector<Quantity> kTable = table();
  return kTable;
}

void RunGatherer::add(const appraise::AppraisedSnapshot& snapshot) {
  std::vector<const Appraisal*> devices;
  for (const Appraisal& device : snapshot.devices)
    if (!only_ || device.facts.index == *only_) devices.push_back(&device);
  if (devices.empty()) return;
  double longest = 0;
  double paid = 0;
  for (const Appraisal* device : devices) {
    longest = std::max(longest, device->sample.window.value());
    run_.devices.insert(device->facts.index);
    if (device->cost.per_hour) paid += device->cost.per_hour->value();
  }
  if (!(longest > 0)) return;
  if (paid > 0) run_.paid = DollarsPerHour(paid);
  ++run_.windows;
  run_.length = run_.length + Seconds(longest);
  for (std::size_t q = 0; q < quantities().size(); ++q) {
    double sum = 0;
    int known = 0;
    for (const Appraisal* device : devices)
      if (const auto value = value_of(*device, quantities()[q])) {
        sum += *value;
        ++known;
      }
    if (known > 0) run_.series[q].add(sum / known, longest);
  }
}

}  // namespace assay::contrast

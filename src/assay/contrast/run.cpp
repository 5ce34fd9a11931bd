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

bool answers(const Appraisal& device) { return device.sample.presence == sample::Presence::ok; }

// Of windows made into one: in some of them the device was not there (sample::Merger).
bool partly_gone(const Appraisal& device) {
  return answers(device) && !device.sample.trouble.empty();
}

std::optional<double> value_of(const Appraisal& device, const Quantity& quantity) {
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
      if (device.cost.lost) return device.cost.lost->value();
      if (partly_gone(device) && device.cost.lost_at_least)
        return device.cost.lost_at_least->value();
      return std::nullopt;
  }
  return std::nullopt;
}

// What a window without the device counts for.
std::optional<double> value_without(const Appraisal& device, const Quantity& quantity) {
  switch (quantity.kind) {
    case Kind::rung:
    case Kind::power: return std::nullopt;
    case Kind::loss: return quantity.id == "unattributed" ? 1.0 : 0.0;
    case Kind::cause: return 0.0;
    case Kind::money: return device.cost.per_hour ? std::optional(0.0) : std::nullopt;
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
  count_windows(devices, longest);
  for (std::size_t q = 0; q < quantities().size(); ++q) add_quantity(q, devices, longest);
}

void RunGatherer::count_windows(const std::vector<const Appraisal*>& devices, double longest) {
  ++run_.windows;
  run_.length = run_.length + Seconds(longest);
  const auto any = [&](sample::Presence presence) {
    return std::ranges::any_of(
        devices, [&](const Appraisal* device) { return device->sample.presence == presence; });
  };
  if (any(sample::Presence::lost)) ++run_.device_lost;
  else if (any(sample::Presence::stale)) ++run_.device_unanswered;
  run_.money_at_least =
      run_.money_at_least || std::ranges::any_of(devices, [](const Appraisal* device) {
        return device->cost.per_hour && (!answers(*device) || partly_gone(*device));
      });
}

void RunGatherer::add_quantity(std::size_t place, const std::vector<const Appraisal*>& devices,
                               double longest) {
  const Quantity& quantity = quantities()[place];
  Series& series = run_.series[place];
  std::vector<double>& absent = absent_[place];
  double sum = 0;
  int known = 0;
  int without = 0;
  int answering = 0;
  for (const Appraisal* device : devices) {
    const bool here = answers(*device);
    answering += here ? 1 : 0;
    const auto value = here ? value_of(*device, quantity) : value_without(*device, quantity);
    if (!value) continue;
    sum += *value;
    ++(here ? known : without);
  }
  if (known + without == 0 || (known == 0 && answering > 0)) return;
  const double mean = sum / (known + without);
  if (known == 0 && mean == 0 && series.value.empty()) return absent.push_back(longest);
  for (const double length : absent) series.add(0, length);
  absent.clear();
  series.add(mean, longest);
}

}  // namespace assay::contrast

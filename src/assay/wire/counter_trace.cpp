// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/counter_trace.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "assay/wire/json.hpp"

namespace assay::wire {
namespace {

using appraise::Appraisal;
using metric::Id;

constexpr int kEvents = 100'000;  // the process that what is no device's stands in

std::string line(const Json& json) { return line_of(json) + ",\n"; }

Json meta(int process, const std::string& name) {
  return {{"ph", "M"},
          {"name", "process_name"},
          {"pid", process},
          {"tid", 0},
          {"args", {{"name", name}}}};
}

std::optional<double> percent(const sample::Reading<Ratio>& reading) {
  const auto value = reading.value();
  return value ? std::optional(value->as_percent()) : std::nullopt;
}

}  // namespace

std::string CounterTrace::begin(const sample::Origin& origin, const sample::Origin& recorded) {
  const Json about = {
      {"from", origin.name}, {"kind", sample::to_string(recorded.kind)}, {"of", recorded.name}};
  return "{\"displayTimeUnit\":\"ms\",\"otherData\":" + line_of(about) + ",\"traceEvents\":[\n" +
         line(meta(kEvents, recorded.kind == sample::OriginKind::simulation
                                ? "events of SIMULATED " + recorded.name
                                : "events"));
}

std::string CounterTrace::end() {
  // An event without a comma closes the list: the process's place among the others.
  return line_of({{"ph", "M"},
                  {"name", "process_sort_index"},
                  {"pid", kEvents},
                  {"tid", 0},
                  {"args", {{"sort_index", kEvents}}}}) +
         "\n]}\n";
}

double CounterTrace::microseconds(std::int64_t unix_ns) {
  if (!epoch_ns_) epoch_ns_ = unix_ns;
  return static_cast<double>(unix_ns - *epoch_ns_) * 1e-3;
}

std::string CounterTrace::value(int device, std::string_view name, std::optional<double> value,
                                double at_us) {
  auto& known = last_[device];
  const auto before = known.find(name);
  const bool is_new = before == known.end();
  if (is_new && !value) return "";  // never known so far: no track at all
  if (!is_new && before->second == value) return "";
  known.insert_or_assign(std::string(name), value);
  if (!value)
    return line({{"ph", "i"},
                 {"s", "p"},
                 {"name", fmt::format("{} (unknown)", name)},
                 {"pid", device},
                 {"tid", 0},
                 {"ts", at_us}});
  return line({{"ph", "C"},
               {"name", name},
               {"pid", device},
               {"tid", 0},
               {"ts", at_us},
               {"args", {{"value", *value}}}});
}

std::string CounterTrace::device(const Appraisal& device) {
  const int index = device.facts.index;
  const auto length = static_cast<std::int64_t>(device.sample.window.value() * 1e9);
  const double at = microseconds(device.sample.at.unix_ns - length);
  std::string out;
  if (!last_.contains(index)) {
    out += line(meta(index, fmt::format("GPU {} {}", index, device.facts.name)));
    last_[index];
  }
  const bool here = device.sample.presence == sample::Presence::ok;
  const auto add = [&](std::string_view name, std::optional<double> what) {
    out += value(index, name, here ? what : std::nullopt, at);
  };
  const auto metric_of = [&](Id id) { return device.sample.at_id(id).value(); };
  add("GPU-Util %", percent(device.sample.get<Id::gpu_util>()));
  add("held %", percent(device.ladder.held));
  add("busy %", percent(device.ladder.busy));
  add("SM active %", percent(device.sample.get<Id::sm_active>()));
  add("speed of light %", percent(device.ladder.sol.value));
  if (device.ladder.useful.value()) add("useful %", percent(device.ladder.useful));
  for (const ladder::Part& part : device.ladder.losses.parts)
    if (part.is_loss) add(fmt::format("lost to {} %", part.name), percent(part.share));
  add("lost $/h", device.cost.lost ? std::optional(device.cost.lost->value()) : std::nullopt);
  add("power W", metric_of(Id::power));
  add("SM clock MHz",
      metric_of(Id::sm_clock) ? std::optional(*metric_of(Id::sm_clock) * 1e-6) : std::nullopt);
  add("memory used GiB", metric_of(Id::memory_used)
                             ? std::optional(*metric_of(Id::memory_used) / 1073741824.0)
                             : std::nullopt);
  add("temperature C", metric_of(Id::temperature));
  return out;
}

std::string CounterTrace::window(const appraise::AppraisedSnapshot& snapshot) {
  std::string out;
  for (const Appraisal& each : snapshot.devices) out += device(each);
  return out;
}

std::string CounterTrace::event(const sample::Event& event) {
  return line({{"ph", "i"},
               {"s", event.device >= 0 ? "p" : "g"},
               {"name", event.kind},
               {"pid", event.device >= 0 ? event.device : kEvents},
               {"tid", 0},
               {"ts", microseconds(event.at.unix_ns)},
               {"args", {{"text", event.text.substr(0, 400)}}}});
}

}  // namespace assay::wire

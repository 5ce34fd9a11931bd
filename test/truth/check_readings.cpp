// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "truth/check.hpp"
#include "truth/check_buffers.hpp"
#include "truth/check_errors.hpp"
#include "truth/counter_rows.hpp"

namespace assay::test {
namespace {

using metric::Id;
using sample::Presence;
using sample::Reading;
using sample::Reason;
using sample::State;

constexpr double kExact = 1e-9;
constexpr std::size_t kCandidates = 3;
constexpr std::int64_t kLongDelay = 5'000'000'000;  // no sample takes longer

// The simulated driver may offer the counters on older chips too.
bool must_have_gpm(const Case& at) {
  return at.ground.facts().chip->compute_capability->major >= 9;
}

// The number under which a metric of the table above travels: nvml.h.
std::uint32_t gpm_number(Id id) {
  switch (id) {
    case Id::graphics_util: return 1;
    case Id::sm_active: return 2;
    case Id::sm_occupancy: return 3;
    case Id::int_util: return 4;
    case Id::tensor_util: return 5;
    case Id::tensor_hmma_util: return 7;
    case Id::tensor_imma_util: return 9;
    case Id::dram_util: return 10;
    case Id::fp64_util: return 11;
    case Id::fp32_util: return 12;
    case Id::fp16_util: return 13;
    case Id::pcie_tx: return 20;
    case Id::pcie_rx: return 21;
    case Id::nvlink_rx: return 60;
    default: return 61;
  }
}

// As check_delayed below, for a counter.
void check_delayed_counter(const Case& at, const CounterRow& row, double value, double most,
                           Verdict& verdict) {
  bool told = false;
  for (const CallEntry& call : at.calls) {
    if (call.call != Call::gpm_metrics_get || call.code != Return::success || call.at_ns > at.at_ns)
      continue;
    const auto share = at.ground.counters(call.earlier_ns, call.at_ns);
    if (!share) continue;
    const double right = std::min(row.of(*share), most);
    told = told || std::abs(value - right) <= kExact * std::max(1.0, right);
  }
  verdict.require(told,
                  fmt::format("{} is {}, which no call told", metric::to_string(row.id), value));
}

void check_counter(const Case& at, const CounterRow& row, const std::optional<Share>& want,
                   double most, Verdict& verdict) {
  const Reading<double>& reading = at.sample.at_id(row.id);
  const std::string_view name = metric::to_string(row.id);
  const CallEntry* asked = last_success(at, Call::gpm_metrics_get);
  if (reading.value()) {
    if (at.rigour.delays) return check_delayed_counter(at, row, *reading.value(), most, verdict);
    if (!want)
      return verdict.wrong(fmt::format("{} is {} without any new data", name, *reading.value()));
    const double right = std::min(row.of(*want), most);
    verdict.near(*reading.value(), right, kExact * std::max(1.0, right), name);
    verdict.near(reading.window().value(),
                 static_cast<double>(asked->at_ns - asked->earlier_ns) * 1e-9, kExact,
                 fmt::format("window of {}", name));
    const bool garbled = asked->nonsense && asked->which == gpm_number(row.id);
    verdict.require(!garbled, fmt::format("{} is given though the driver answered nonsense", name));
  } else if (!at.rigour.faults) {
    // It costs more than all the others, so the probe asks for it now and then only.
    if (row.id == Id::graphics_util && reading.reason() == Reason::not_read) return;
    verdict.require(!want.has_value(),
                    fmt::format("{} is missing: {}", name, sample::to_string(reading.reason())));
    const bool said = reading.reason() == Reason::no_new_data ||
                      reading.reason() == Reason::first_sample ||
                      (reading.reason() == Reason::no_gpm && !must_have_gpm(at));
    verdict.require(want.has_value() || said,
                    fmt::format("{} is missing for the wrong reason: {}", name,
                                sample::to_string(reading.reason())));
  }
}

// A sample whose calls took time: the next one may have begun when it was complete, so the reading
// is that of one of the last calls.
template <typename Expect>
void check_delayed(const Case& at, double value, std::string_view name, Call call, double within,
                   Expect expect, Verdict& verdict, std::uint32_t which) {
  std::vector<double> wanted;
  for (const CallEntry& entry : at.calls) {
    if (entry.call != call || entry.code != Return::success || entry.at_ns > at.at_ns) continue;
    if (call == Call::clock && entry.which != which) continue;
    if (const std::optional<double> want = expect(entry)) wanted.push_back(*want);
  }
  if (wanted.size() > kCandidates)
    wanted.erase(wanted.begin(), wanted.end() - static_cast<std::ptrdiff_t>(kCandidates));
  verdict.require(
      std::ranges::any_of(wanted, [&](double w) { return std::abs(w - value) <= within; }),
      fmt::format("{} is {}, which no call told", name, value));
}

// A reading that must be there after a call that went well, and must not after one that failed.
// expect(entry) is the value; nothing where the entry is nonsense, so that there must be none.
template <typename Expect>
void check_call(const Case& at, Id id, Call call, double within, Expect expect, Verdict& verdict,
                std::uint32_t which = 0) {
  const Reading<double>& reading = at.sample.at_id(id);
  const std::string_view name = metric::to_string(id);
  const CallEntry* entry = last_success(at, call, which);
  if (!reading.value()) {
    const bool must = !at.rigour.faults && entry != nullptr && entry->at_ns == at.at_ns;
    verdict.require(!must,
                    fmt::format("{} is missing: {}", name, sample::to_string(reading.reason())));
    return;
  }
  if (entry == nullptr) return verdict.wrong(fmt::format("{} comes out of nothing", name));
  if (at.rigour.delays)
    return check_delayed(at, *reading.value(), name, call, within, expect, verdict, which);
  const std::optional<double> want = expect(*entry);
  if (!want)
    return verdict.wrong(fmt::format("{} is {} though it is not known", name, *reading.value()));
  verdict.near(*reading.value(), *want, within, name);
}

void check_time_based(const Case& at, Verdict& verdict) {
  const auto util = [&](auto member) {
    return [&at, member](const CallEntry& call) -> std::optional<double> {
      if (call.nonsense) return std::nullopt;
      return std::round(100.0 * at.ground.sampled(call.at_ns).*member) / 100.0;
    };
  };
  check_call(at, Id::gpu_util, Call::utilization, 1e-12, util(&Ground::Sampled::busy), verdict);
  check_call(at, Id::memory_util, Call::utilization, 1e-12, util(&Ground::Sampled::memory),
             verdict);
  const bool clean = !at.rigour.steps && !at.rigour.delays && !at.rigour.faults;
  if (const auto& now = at.sample.at_id(Id::gpu_util); clean && now.window() > Seconds(0))
    verdict.near(now.window().value(), at.ground.facts().utilization_window.value(), 1e-6 + kExact,
                 "window of gpu_util");  // told in whole microseconds
  const Reading<double>& mean = at.sample.at_id(Id::gpu_util_samples);
  const CallEntry* entry = last_success(at, Call::utilization_samples);
  if (!clean || !mean.value()) return;
  if (entry == nullptr) return verdict.wrong("gpu_util_samples comes out of nothing");
  check_present(at, *entry, "gpu_util_samples", verdict);
  check_samples(at, *entry, verdict);
}

void check_power(const Case& at, Verdict& verdict) {
  const Ground& ground = at.ground;
  using Want = std::optional<double>;
  const auto& cc = *ground.facts().chip->compute_capability;
  const bool averaged = cc.major > 8 || (cc.major == 8 && cc.minor >= 6);
  double slack = 1e-3;
  for (const CallEntry& call : at.calls)
    if (averaged && call.call == Call::power && call.code == Return::success &&
        call.at_ns <= at.at_ns && call.at_ns >= at.at_ns - (at.rigour.delays ? kLongDelay : 0))
      slack = std::max(slack, ground.mean_power(call.at_ns).slack_watts);
  check_call(
      at, Id::power, Call::power, slack,
      [&](const CallEntry& call) -> Want {
        return averaged ? ground.mean_power(call.at_ns).watts
                        : ground.at(call.at_ns).moment.power.value();
      },
      verdict);
  check_call(
      at, Id::power_instant, Call::field_values, 1e-3,
      [&](const CallEntry& call) -> Want { return ground.at(call.at_ns).moment.power.value(); },
      verdict);
  check_call(
      at, Id::energy, Call::energy, 2e-3,
      [&](const CallEntry& call) -> Want {
        const Then& then = ground.at(call.at_ns);
        return then.done.energy_j - then.at_load.energy_j -
               static_cast<double>(call.offset_mj) * 1e-3;
      },
      verdict);
}

// Energy over the window, from the two last readings of the counter.
void check_mean_power(const Case& at, Verdict& verdict) {
  const Reading<double>& reading = at.sample.at_id(Id::power_mean);
  if (!reading.value()) return;
  if (at.rigour.delays) return;  // a delay in the call comes after the probe looked at its clock
  const CallEntry* last = nullptr;
  const CallEntry* before = nullptr;
  for (const CallEntry& call : at.calls) {
    if (call.call != Call::energy || call.code != Return::success || call.at_ns > at.at_ns)
      continue;
    before = last;
    last = &call;
  }
  if (before == nullptr) return verdict.wrong("power_mean comes out of nothing");
  const Then& from = at.ground.at(before->at_ns);
  const Then& to = at.ground.at(last->at_ns);
  verdict.require(!last->nonsense, "power_mean is given over a reset of the counter");
  // A reload between two samples after which the counter already stands higher than before it: the
  // counter alone can't tell. README.md names it.
  if (from.loaded_at_ns != to.loaded_at_ns) return;
  const double seconds = static_cast<double>(last->at_ns - before->at_ns) * 1e-9;
  const double watts = (to.done.energy_j - from.done.energy_j) / seconds;
  verdict.near(*reading.value(), watts, 2e-3 / seconds + 1e-6, "power_mean");
}

void check_memory(const Case& at, Verdict& verdict) {
  using Want = std::optional<double>;
  const sim::DeviceFacts& facts = at.ground.facts();
  const CallEntry* v1 = last_success(at, Call::memory_v1);
  if (v1 != nullptr && at.rigour.faults) return;  // the fallback of a driver that lacks v2
  const auto fixed = [](Bytes bytes) {
    return [bytes](const CallEntry& call) -> Want {
      return call.nonsense ? std::nullopt : Want(bytes.value());
    };
  };
  check_call(
      at, Id::memory_used, Call::memory_v2, 3,
      [&](const CallEntry& call) -> Want {
        if (call.nonsense) return std::nullopt;
        return at.ground.at(call.at_ns).moment.memory_used.value();
      },
      verdict);
  const CallEntry* v2 = last_success(at, Call::memory_v2);
  if (at.rigour.delays) return;
  if (v2 == nullptr || v2->nonsense) return;
  check_call(at, Id::memory_total, Call::memory_v2, 1, fixed(facts.memory_total), verdict);
  check_call(at, Id::memory_reserved, Call::memory_v2, 1, fixed(facts.memory_reserved), verdict);
}

void check_condition(const Case& at, Verdict& verdict) {
  using Want = std::optional<double>;
  const auto moment = [&](const CallEntry& call) { return at.ground.at(call.at_ns).moment; };
  check_call(
      at, Id::temperature, Call::temperature, 0.5 + kExact,
      [&](const CallEntry& call) -> Want { return moment(call).temperature.value(); }, verdict);
  check_call(
      at, Id::sm_clock, Call::clock, 0.5e6 + 1,
      [&](const CallEntry& call) -> Want { return moment(call).sm_clock.value(); }, verdict,
      static_cast<std::uint32_t>(nvml_abi::ClockType::sm));
  check_call(
      at, Id::throttle_reasons, Call::throttle_reasons, 0,
      [&](const CallEntry& call) -> Want { return static_cast<double>(moment(call).throttle); },
      verdict);
}

}  // namespace

const CallEntry* last_success(const Case& at, Call call, std::uint32_t which) {
  const CallEntry* found = nullptr;
  for (const CallEntry& entry : at.calls)
    if (entry.call == call && entry.code == Return::success && entry.at_ns <= at.at_ns &&
        (call != Call::clock || entry.which == which))
      found = &entry;
  return found;
}

std::optional<Share> expected_counters(const Case& at) {
  const CallEntry* asked = last_success(at, Call::gpm_metrics_get);
  if (asked == nullptr || (!at.rigour.delays && asked->at_ns != at.at_ns)) return std::nullopt;
  return at.ground.counters(asked->earlier_ns, asked->at_ns);
}

// What is asked for the wrong way round is answered as no new data, so the answers can't tell.
void check_order_of_samples(const Case& at, Verdict& verdict) {
  for (const CallEntry& call : at.calls)
    verdict.require(call.call != Call::gpm_metrics_get || call.code != Return::success ||
                        call.earlier_ns <= call.at_ns,
                    "counters are asked for from a later sample to an earlier one");
}

void check_readings(const Case& at, Verdict& verdict) {
  if (at.sample.presence != Presence::ok) return;
  if (!at.rigour.faults) check_order_of_samples(at, verdict);
  const std::optional<Share> want = expected_counters(at);
  for (const CounterRow& row : ratio_rows()) check_counter(at, row, want, 1, verdict);
  for (const CounterRow& row : rate_rows()) check_counter(at, row, want, HUGE_VAL, verdict);
  check_time_based(at, verdict);
  check_power(at, verdict);
  check_mean_power(at, verdict);
  check_memory(at, verdict);
  check_errors(at, verdict);
  check_condition(at, verdict);
  check_processes(at, verdict);
}

void check_states(const Case& at, Verdict& verdict) {
  const sample::Sample& sample = at.sample;
  const bool gone = sample.presence != Presence::ok;
  for (const metric::Def& def : metric::all()) {
    const Reading<double>& reading = sample.at_id(def.id);
    const bool known = reading.usable();
    verdict.require(known || reading.reason() != Reason::none,
                    fmt::format("{} is missing without why", def.name));
    verdict.require(reading.state() != State::unknown || !reading.raw(),
                    fmt::format("{} is unknown and {}", def.name, reading.raw().value_or(0)));
    verdict.require(!known || std::isfinite(*reading.value()),
                    fmt::format("{} is given and no number", def.name));
    verdict.require(!(gone && known),
                    fmt::format("{} is given though the device is gone", def.name));
  }
  verdict.require(gone == !sample.trouble.empty(), "presence and trouble disagree");
}

}  // namespace assay::test

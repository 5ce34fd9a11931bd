// SPDX-License-Identifier: Apache-2.0
#include "truth/json_check.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

namespace assay::test {
namespace {

using nlohmann::json;
using sample::Reading;
using sample::Reason;
using sample::State;

constexpr double kExact = 1e-9;

// Null where there is no such member.
const json& member(const json& object, std::string_view name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto it = object.find(name);
  return it == object.end() ? nothing : *it;
}

std::string text(const json& value) { return value.is_string() ? value.get<std::string>() : ""; }

// A number or, where nothing is wanted, null: never a 0 in its place.
void check_number(const json& got, std::optional<double> want, double within, std::string_view name,
                  Verdict& verdict) {
  if (!want || !std::isfinite(*want))
    return verdict.require(got.is_null(),
                           fmt::format("{} is {} in JSON, and it is not known", name, got.dump()));
  verdict.near(got.is_number() ? got.get<double>() : NAN, *want, within,
               fmt::format("{} in JSON", name));
}

void check_reading(const json& got, const Reading<double>& want, std::string_view name,
                   Verdict& verdict) {
  if (!got.is_object()) return verdict.wrong(fmt::format("{} is not in the JSON", name));
  // What is stale or invalid keeps its last value for the eye; what is unknown has none.
  const auto shown = want.state() == State::unknown ? std::nullopt : want.raw();
  check_number(member(got, "value"), shown, 0, name, verdict);
  verdict.require(text(member(got, "state")) == sample::to_string(want.state()),
                  fmt::format("{} has another state in JSON", name));
  const std::string reason = text(member(got, "reason"));
  verdict.require(want.usable() || !reason.empty(), fmt::format("{} lacks a reason", name));
  verdict.require(reason == (want.reason() == Reason::none ? "" : sample::to_string(want.reason())),
                  fmt::format("{} has the reason '{}' in JSON", name, reason));
  verdict.require(text(member(got, "source")) == metric::to_string(want.source()),
                  fmt::format("{} has another source in JSON", name));
  check_number(member(got, "window_s"), want.window().value(), 0, "a window", verdict);
}

template <typename T>
void check_reading(const json& got, const Reading<T>& want, std::string_view name,
                   Verdict& verdict) {
  check_reading(got, sample::detail::convert<double>(want, [](T v) { return v.value(); }), name,
                verdict);
}

void check_readings(const json& got, const sample::Sample& want, Verdict& verdict) {
  for (const metric::Def& def : metric::all()) {
    const Reading<double>& reading = want.at_id(def.id);
    const json& one = member(got, def.name);
    if (reading.reason() == Reason::not_read)
      verdict.require(one.is_null(), fmt::format("{} was not read and is in the JSON", def.name));
    else check_reading(one, reading, def.name, verdict);
  }
}

void check_rungs(const json& got, const ladder::Ladder& want, Verdict& verdict) {
  check_reading(member(got, "held"), want.held, "held", verdict);
  check_reading(member(got, "busy"), want.busy, "busy", verdict);
  check_reading(member(got, "sm_active"), want.sm_active, "SM active", verdict);
  check_reading(member(got, "sol"), want.sol.value, "speed of light", verdict);
  check_reading(member(got, "useful"), want.useful, "useful", verdict);
  const bool limited = want.sol.limiter != ladder::Limiter::none;
  verdict.require(text(member(member(got, "sol"), "limiter")) ==
                      (limited ? ladder::to_string(want.sol.limiter) : ""),
                  "another limiter in JSON");
}

void check_losses(const json& got, const ladder::Losses& want, Verdict& verdict) {
  verdict.require(got.size() == want.parts.size() + 1, "the losses have other parts in JSON");
  double sum = 0;
  for (const auto& part : got)
    if (part.is_number()) sum += part.get<double>();
  verdict.near(sum, 1, kExact, "the sum of the losses in JSON");
  for (const ladder::Part& part : want.parts) {
    const auto share = part.share.value();
    check_number(member(got, part.name), share ? std::optional(share->value()) : std::nullopt, 0,
                 part.name, verdict);
  }
  check_number(member(got, "unattributed"), want.unattributed.value(), 0, "unattributed", verdict);
}

void check_cost(const json& got, const appraise::Appraisal& want, Verdict& verdict) {
  const auto& price = want.board.price;
  std::optional<double> at_least;
  for (const ladder::Part& part : want.ladder.losses.parts) {
    std::optional<double> dollars;
    if (price && part.share.value())
      dollars = part.share.value()->value() * price->per_hour.value();
    if (dollars && part.is_loss) at_least = at_least.value_or(0) + *dollars;
    check_number(member(member(got, "by_part_usd_per_hour"), part.name), dollars, kExact,
                 fmt::format("dollars of {}", part.name), verdict);
  }
  const bool all = want.ladder.losses.unattributed.value() <= kExact;
  check_number(member(got, "usd_per_hour"),
               price ? std::optional(price->per_hour.value()) : std::nullopt, 0, "the price",
               verdict);
  check_number(member(got, "lost_usd_per_hour"), all ? at_least : std::nullopt, kExact,
               "dollars lost an hour", verdict);
  check_number(member(got, "lost_usd_per_hour_at_least"), at_least, kExact,
               "dollars lost an hour at least", verdict);
  verdict.require(text(member(got, "source")) == (price ? price->source : ""),
                  "the price has another source in JSON");
}

void check_processes(const json& got, const sample::Sample& want, Verdict& verdict) {
  if (want.processes_reason != Reason::none)
    return verdict.require(got.is_null(), "the processes are not known and are in the JSON");
  if (!got.is_array() || got.size() != want.processes.size())
    return verdict.wrong("the JSON has other processes");
  for (const sample::Process& process : want.processes) {
    const auto it = std::ranges::find_if(
        got, [&](const json& one) { return member(one, "pid") == process.pid; });
    if (it == got.end()) {
      verdict.wrong(fmt::format("process {} is not in the JSON", process.pid));
      continue;
    }
    verdict.require(text(member(*it, "name")) == process.name &&
                        text(member(*it, "type")) == (process.compute ? "compute" : "graphics"),
                    "a process is another in JSON");
    check_reading(member(*it, "memory"), process.memory, "memory of a process", verdict);
    check_reading(member(*it, "time_share"), process.time_share, "share of a process", verdict);
  }
}

std::string_view word(sample::Presence presence) {
  if (presence == sample::Presence::ok) return "ok";
  return presence == sample::Presence::stale ? "stale" : "lost";
}

void check_device(const json& got, const appraise::Appraisal& want, Verdict& verdict) {
  const sample::Sample& sample = want.sample;
  verdict.require(member(got, "index") == want.facts.index &&
                      text(member(got, "uuid")) == want.facts.uuid &&
                      text(member(got, "chip")) == want.facts.chip,
                  "another device in JSON");
  verdict.require(text(member(got, "presence")) == word(sample.presence) &&
                      text(member(got, "trouble")) == sample.trouble,
                  "another presence or trouble in JSON");
  verdict.require(text(member(got, "route")) == want.ladder.route, "another route in JSON");
  check_number(member(got, "window_s"), sample.window.value(), 0, "the window", verdict);
  check_rungs(member(got, "ladder"), want.ladder, verdict);
  check_losses(member(got, "losses"), want.ladder.losses, verdict);
  check_reading(member(got, "gpu_util"), sample.at_id(metric::Id::gpu_util), "gpu_util", verdict);
  check_readings(member(got, "readings"), sample, verdict);
  check_processes(member(got, "processes"), sample, verdict);
  const bool listed = sample.processes_reason == Reason::none;
  verdict.require(text(member(got, "processes_reason")) ==
                      (listed ? "" : sample::to_string(sample.processes_reason)),
                  "the processes are missing for another reason in JSON");
  check_cost(member(got, "cost"), want, verdict);
}

}  // namespace

void check_json(const std::string& line, const appraise::AppraisedSnapshot& snapshot,
                Verdict& verdict) {
  const json document = json::parse(line, nullptr, false);
  const json& devices = member(document, "devices");
  if (!devices.is_array() || devices.size() != snapshot.devices.size())
    return verdict.wrong("the JSON does not parse or has other devices");
  verdict.require(text(member(document, "schema")) == "assay.snapshot/1", "another schema");
  for (std::size_t i = 0; i < snapshot.devices.size(); ++i)
    check_device(devices[i], snapshot.devices[i], verdict);
}

}  // namespace assay::test

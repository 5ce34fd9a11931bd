// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "truth/check.hpp"

namespace assay::test {
namespace {

using metric::Id;
using sample::Presence;
using sample::Reason;

constexpr double kExact = 1e-9;

// What one direction of the link carries: transfer rate and line code of each generation (PCI
// Express Base Specification 6.0).
std::optional<double> pcie_peak(const sample::Sample& sample) {
  constexpr std::array kLane{2.5e9 / 10,           5e9 / 10,
                             8e9 / 8 * 128 / 130,  16e9 / 8 * 128 / 130,
                             32e9 / 8 * 128 / 130, 64e9 / 8 * 242 / 256};
  const auto generation = sample.at_id(Id::pcie_gen).value();
  const auto lanes = sample.at_id(Id::pcie_width).value();
  if (!generation || !lanes || *generation < 1 || *generation > 6) return std::nullopt;
  return kLane[static_cast<std::size_t>(*generation) - 1] * *lanes;
}

// Busy, as far as the sample tells it: the counter over the very window; where that was not asked
// for, the driver's own sampling, which check_readings has held against the simulator: its mean
// where that is not of an older window, else its last.
double busy_of(const sample::Sample& sample, const std::optional<Share>& share) {
  if (share && sample.at_id(Id::graphics_util).usable()) return std::min(share->compute, 1.0);
  const auto& mean = sample.at_id(Id::gpu_util_samples);
  if (mean.usable() && mean.window().value() <= 1.5 * sample.window.value()) return *mean.value();
  return sample.at_id(Id::gpu_util).value().value_or(NAN);
}

struct Wanted {
  double held = 0, busy = 0, sm_active = 0, sol = 0;
  bool raised = false;      // SM active, to the speed of light
  bool near_a_tie = false;  // of the two: rounding decides
};

Wanted wanted(const Case& at, const Share& share) {
  const sample::Sample& sample = at.sample;
  Wanted out;
  for (const double part :
       {share.dram, share.tensor, share.pipe[sim::index(sim::Pipe::fp64)],
        share.pipe[sim::index(sim::Pipe::fp32)], share.pipe[sim::index(sim::Pipe::fp16)],
        share.pipe[sim::index(sim::Pipe::integer)]})
    out.sol = std::max(out.sol, std::min(part, 1.0));
  if (const auto peak = pcie_peak(sample))
    out.sol = std::max(out.sol, std::min(1.0, std::max(share.pcie_tx, share.pcie_rx) / *peak));
  if (const auto* link = at.ground.facts().chip->link(catalog::LinkRole::scale_up))
    out.sol = std::max(out.sol, std::min(1.0, std::max(share.nvlink_tx, share.nvlink_rx) /
                                                  link->one_way.value.value()));
  out.raised = out.sol > std::min(share.sm_active, 1.0);
  out.near_a_tie = std::abs(out.sol - std::min(share.sm_active, 1.0)) < kExact;
  out.sm_active = std::max(std::min(share.sm_active, 1.0), out.sol);
  out.busy = std::max(busy_of(sample, share), out.sm_active);
  out.held = std::max(sample.processes.empty() ? 0.0 : 1.0, out.busy);
  return out;
}

// What holds by whatever rule the rungs are made: none stands under the work that was done, one
// that was not raised is that work, one that was is the rung below it.
void check_laws(const Case& at, const Share& share, const appraise::Appraisal& appraisal,
                Verdict& verdict) {
  const ladder::Ladder& ladder = appraisal.ladder;
  const auto of = [](const sample::Reading<Ratio>& rung) {
    return rung.value().value_or(Ratio::fraction(NAN)).value();
  };
  const double busy = std::min(share.compute, 1.0);
  const double active = std::min(share.sm_active, 1.0);
  const bool counted = at.sample.at_id(Id::graphics_util).usable();
  // Where the engine's counter was not asked for, it was busy at least while an SM was active.
  verdict.require(of(ladder.busy) >= (counted ? busy : active) - kExact,
                  "the device did more than it was busy");
  verdict.require(of(ladder.sm_active) >= active - kExact, "more SMs were active than is said");
  double engaged = std::max(share.dram, share.tensor);
  for (const sim::Pipe pipe :
       {sim::Pipe::fp64, sim::Pipe::fp32, sim::Pipe::fp16, sim::Pipe::integer})
    engaged = std::max(engaged, share.pipe[sim::index(pipe)]);
  engaged = std::min(engaged, 1.0);
  verdict.require(of(ladder.sol.value) >= engaged - kExact, "a unit did more than is said");
  const auto law = [&](const sample::Reading<Ratio>& rung, const sample::Reading<Ratio>& below,
                       double done, std::string_view name) {
    if (rung.state() == sample::State::measured) verdict.near(of(rung), done, kExact, name);
    else verdict.near(of(rung), of(below), 0, fmt::format("{}, raised,", name));
  };
  law(ladder.sm_active, ladder.sol.value, active, "SM active, as measured,");
  if (counted) law(ladder.busy, ladder.sm_active, busy, "busy, as measured,");
  const double lost = appraisal.cost.lost.value_or(DollarsPerHour(NAN)).value();
  verdict.require(
      lost >= 0 && lost <= appraisal.board.price->per_hour.value() * (1 - engaged) + kExact,
      "more dollars are lost than work was left undone");
}

void check_conservation(const ladder::Ladder& ladder, Verdict& verdict) {
  double sum = ladder.losses.unattributed.value();
  for (const ladder::Part& part : ladder.losses.parts) {
    if (!part.share.value()) {
      verdict.require(part.share.reason() != Reason::none, "a part is missing without why");
      continue;
    }
    verdict.require(part.share.value()->value() >= 0, "a part is negative");
    sum += part.share.value()->value();
  }
  verdict.near(sum, 1, kExact, "the sum of all parts");
  double above = 1;
  for (const auto* rung : {&ladder.held, &ladder.busy, &ladder.sm_active, &ladder.sol.value}) {
    if (!rung->value()) continue;
    verdict.require(rung->value()->value() <= above, "a rung stands above the one above it");
    above = rung->value()->value();
  }
}

void check_parts(const Wanted& want, const appraise::Appraisal& appraisal, Verdict& verdict) {
  const ladder::Losses& losses = appraisal.ladder.losses;
  const std::array<std::pair<std::string_view, double>, 5> parts{{
      {"not_held", 1 - want.held},
      {"idle_held", want.held - want.busy},
      {"empty_sms", want.busy - want.sm_active},
      {"stalled", want.sm_active - want.sol},
      {"engaged", want.sol},
  }};
  verdict.require(losses.parts.size() == parts.size(), "the ladder has other parts");
  double lost = 0;
  for (const auto& [name, share] : parts) {
    const auto part = std::ranges::find(losses.parts, name, &ladder::Part::name);
    if (part == losses.parts.end() || !part->share.value()) {
      verdict.wrong(fmt::format("part {} is missing", name));
      continue;
    }
    verdict.near(part->share.value()->value(), share, kExact, name);
    verdict.require(part->is_loss == (name != "engaged"), fmt::format("{} and loss", name));
    if (name != "engaged") lost += share;
  }
  verdict.near(losses.unattributed.value(), 0, kExact, "unattributed");
  if (!appraisal.cost.per_hour) return verdict.wrong("the price is gone");
  const double price = appraisal.cost.per_hour->value();
  verdict.near(appraisal.cost.lost.value_or(DollarsPerHour(NAN)).value(), lost * price,
               kExact * price, "dollars lost an hour");
}

// What follows from an estimate is one.
void check_estimates(const ladder::Ladder& ladder, Verdict& verdict) {
  struct Between {
    std::string_view part;
    const sample::Reading<Ratio>* upper;
    const sample::Reading<Ratio>* lower;
  };
  for (const Between& between : {Between{"idle_held", &ladder.held, &ladder.busy},
                                 Between{"empty_sms", &ladder.busy, &ladder.sm_active},
                                 Between{"stalled", &ladder.sm_active, &ladder.sol.value}}) {
    const auto part = std::ranges::find(ladder.losses.parts, between.part, &ladder::Part::name);
    if (part == ladder.losses.parts.end() || !part->share.value()) continue;
    const bool guessed = between.upper->state() == sample::State::estimated ||
                         between.lower->state() == sample::State::estimated;
    verdict.require((part->share.state() == sample::State::estimated) == guessed,
                    fmt::format("{} and the rungs beside it are not both estimates", between.part));
  }
}

// A device of which the counters say nothing: time is all that is known, and its SMs are not.
void check_without_counters(const Case& at, const appraise::Appraisal& appraisal,
                            Verdict& verdict) {
  const ladder::Ladder& ladder = appraisal.ladder;
  verdict.require(!ladder.sol.value.value(), "the speed of light comes out of nothing");
  const double busy = busy_of(at.sample, {});
  if (!ladder.busy.value()) return verdict.require(std::isnan(busy), "busy is missing");
  verdict.near(ladder.busy.value()->value(), busy, kExact, "busy without counters");
  verdict.require(!ladder.sm_active.value(), "SM active comes out of nothing");
  verdict.require(!appraisal.cost.lost || ladder.losses.unattributed.value() <= kExact,
                  "all dollars lost are known without the parts");
}

}  // namespace

void check_ladder(const Case& at, const appraise::Appraisal& appraisal, Verdict& verdict) {
  const ladder::Ladder& ladder = appraisal.ladder;
  check_conservation(ladder, verdict);
  check_estimates(ladder, verdict);
  if (at.sample.presence != Presence::ok) {
    for (const auto* rung : {&ladder.held, &ladder.busy, &ladder.sm_active, &ladder.sol.value})
      verdict.require(!rung->value() && rung->reason() != Reason::none,
                      "a rung is known of a device that is gone");
    verdict.near(ladder.losses.unattributed.value(), 1, 0, "unattributed of a device that is gone");
    verdict.require(!appraisal.cost.lost && !appraisal.cost.lost_at_least,
                    "dollars are lost on a device that is gone");
    return;
  }
  if (at.rigour.faults) return;
  const std::optional<Share> share = expected_counters(at);
  if (!share) return check_without_counters(at, appraisal, verdict);
  const Wanted want = wanted(at, *share);
  const auto rung = [&](const sample::Reading<Ratio>& got, double right, std::string_view name) {
    verdict.near(got.value().value_or(Ratio::fraction(NAN)).value(), right, kExact, name);
  };
  rung(ladder.held, want.held, "held");
  rung(ladder.busy, want.busy, "busy");
  verdict.require(ladder.busy.state() != sample::State::measured ||
                      ladder.busy.window().value() >= 0.5 * at.sample.window.value(),
                  "busy over a part of the window is given as measured");
  rung(ladder.sm_active, want.sm_active, "SM active");
  rung(ladder.sol.value, want.sol, "speed of light");
  verdict.require(ladder.sm_active_raised == want.raised || want.near_a_tie,
                  "SM active is said to be raised, or is and it is not said");
  verdict.require(ladder.route == "gpm", "the route is not GPM");
  verdict.require(want.sol < kExact || ladder.sol.limiter != ladder::Limiter::none,
                  "something limits and has no name");
  check_parts(want, appraisal, verdict);
  check_laws(at, *share, appraisal, verdict);
}

}  // namespace assay::test

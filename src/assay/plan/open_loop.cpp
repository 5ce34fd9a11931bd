// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "assay/plan/prompt_spread.hpp"
#include "assay/plan/steady.hpp"
#include "assay/plan/tick_cost.hpp"

namespace assay::plan {
namespace {

using roofline::Mixing;

// Sequences under way of a Poisson stream, seen only while there is one: of a mean number `load`,
// idle time included.
double while_busy(double load) { return load < 1e-9 ? 1 : load / -std::expm1(-load); }

// Many servers, random arrivals: who finds all places taken waits (Halfin and Whitt, Oper. Res. 29,
// 1981; exact as places grow).
struct Queue {
  double waits = 0;   // share of requests that wait
  double mean_s = 0;  // of those, an exponential
};
Queue queue(double places, double load, double stay_s) {
  const double spare = places - load;
  const double beta = spare / std::sqrt(load);
  const double density = std::exp(-beta * beta / 2) / std::sqrt(2 * std::numbers::pi);
  const double below = 0.5 * std::erfc(-beta / std::numbers::sqrt2);
  return {1 / (1 + beta * below / std::max(density, 1e-300)), stay_s / spare};
}

// What a request meets that comes at random to an engine with so many others. Iterations last
// T = T0 + k g with k prompts; the longer one is, the more prompts the next one has, so k is a
// Poisson of rate x T: E T = T0 / (1 - rate g), Var T = g^2 rate E T / (1 - (rate g)^2).
class Encounter {
 public:
  Encounter(const StepCost& cost, const Limits& limits, const Workload& workload, double rate)
      : cost_(cost),
        limits_(limits),
        workload_(workload),
        rate_(rate),
        prompt_(workload.prompt.mean()),
        further_(workload.output.mean() - 1) {
    const double spread = workload.output.spread();
    context_ = prompt_ + further_ / 2 * (1 + spread * spread);
  }

  // Sets all below for `others` sequences on average. False: prompts alone are more than it can do.
  bool meet(double others) {
    const bool first = limits_.mixing == Mixing::prefill_first;
    const double decoding = further_ > 0 ? 1 + others : 0;
    pure_s_ = further_ > 0 ? seconds(decoding, 0) : 0;
    const double beside = first ? 0 : decoding;
    const double room = std::max(1.0, limits_.token_budget - beside);
    const double base_s = first ? 0 : pure_s_;
    double together = 1;  // prompts in one iteration
    for (int i = 0; i < 3; ++i) {
      const double tokens = std::min(room, together * prompt_);
      prompt_s_ = (seconds(beside, tokens) - base_s) * prompt_ / tokens;
      if (rate_ * prompt_s_ >= kFull) return false;
      const double step = pure_s_ / (1 - rate_ * prompt_s_);
      together = while_busy(rate_ * (first ? pure_s_ + prompt_s_ : step));
    }
    const double busy = rate_ * prompt_s_;
    step_s_ = pure_s_ / (1 - busy);
    // Of its square over the squared mean, as prompts differ.
    const double uneven = 1 + workload_.prompt.spread() * workload_.prompt.spread();
    const double variance = uneven * prompt_s_ * prompt_s_ * rate_ * step_s_ / (1 - busy * busy);
    // The iteration that a random moment falls in: longer than the mean one.
    met_s_ = first ? (1 - busy) * pure_s_ + busy * prompt_s_ * (1 + rate_ * pure_s_)
                   : step_s_ + (step_s_ > 0 ? variance / step_s_ : 0);
    own_s_ = base_s * std::ceil(prompt_ / room - 1e-9) + prompt_s_;
    // Beyond the budget prompts stand in line, each for its iterations (an M/G/1 queue).
    const double full_s = seconds(beside, room);
    const double line = std::min(kFull, rate_ * prompt_ / room * full_s);
    const double behind = uneven * line / (2 * (1 - line)) * prompt_ / room * full_s * line;
    alone_s_ = seconds(0, std::min(room, prompt_)) * std::max(1.0, prompt_ / room);
    first_s_ = met_s_ / 2 + own_s_ + busy * met_s_ + behind;
    deviation_s_ =
        std::sqrt(met_s_ * met_s_ / 12 + uneven * prompt_s_ * prompt_s_ * rate_ * met_s_ +
                  variance * (0.5 + busy) * (0.5 + busy) + behind * behind);
    present_ = -std::expm1(-others);
    // Who arrives during one's own long iteration lengthens the next, and so on, ever less.
    const double longer = std::max(0.0, own_s_ + busy * met_s_ - step_s_);
    if (further_ > 0) tpot_s_ = step_s_ + longer * std::min(busy / (1 - busy), further_) / further_;
    return true;
  }

  // Mean of who finds the engine at work and who does not.
  [[nodiscard]] double ttft_s() const { return alone_s_ + present_ * (first_s_ - alone_s_); }
  // Below which lies the share of requests that a normal's z gives: one's own prompt, then a gamma
  // (Wilson and Hilferty, PNAS 17, 1931).
  [[nodiscard]] double ttft_s(double z) const {
    const double over = ttft_s() - own_s_;
    const double apart = first_s_ - alone_s_;
    const double variance =
        present_ * deviation_s_ * deviation_s_ + present_ * (1 - present_) * apart * apart;
    if (over <= 0 || variance <= 0) return ttft_s();
    const double shape = over * over / variance;
    const double cube = 1 - 1 / (9 * shape) + z / (3 * std::sqrt(shape));
    return own_s_ + over * std::max(0.0, cube * cube * cube);
  }
  [[nodiscard]] double deviation_s() const { return present_ * deviation_s_; }
  [[nodiscard]] double tpot_s() const { return tpot_s_; }
  [[nodiscard]] double stay_s() const { return ttft_s() + further_ * tpot_s_; }
  // Of a request that meets nobody.
  [[nodiscard]] double alone_s() const {
    return alone_s_ + (further_ > 0 ? further_ * seconds(1, 0) : 0);
  }
  [[nodiscard]] double prompt_s() const { return prompt_s_; }
  // What one more token of one's own prompt adds to the time to the first token.
  [[nodiscard]] double token_s() const { return prompt_s_ / prompt_; }
  [[nodiscard]] double pure_s() const { return pure_s_; }
  [[nodiscard]] double context() const { return context_; }

  static constexpr double kFull = 0.98;

 private:
  [[nodiscard]] double seconds(double decoding, double tokens) const {
    return cost_
        .time({.decode_sequences = decoding,
               .decode_context = decoding > 0 ? context_ : 0,
               .prefill_tokens = tokens,
               .prefill_context = tokens > 0 ? std::max(0.0, (prompt_ - tokens) / 2) : 0,
               .prefill_sequences = tokens > 0 ? std::max(1.0, tokens / prompt_) : 0})
        .total()
        .value();
  }

  const StepCost& cost_;
  const Limits& limits_;
  const Workload& workload_;
  double rate_;
  double prompt_;
  double further_;
  double context_ = 0;
  double pure_s_ = 0;    // an iteration without prompts
  double prompt_s_ = 0;  // what one more prompt adds
  double own_s_ = 0;     // of one's own prompt, alone in its iterations
  double step_s_ = 0;    // the mean iteration, its prompts included
  double tpot_s_ = 0;
  double met_s_ = 0;
  double first_s_ = 0;
  double deviation_s_ = 0;
  double alone_s_ = 0;
  double present_ = 0;
};

// The load at which as many requests are under way as arrive within a stay: regula falsi with the
// Illinois rule, which halves an end's weight where it stands still. Nothing where there is none.
std::optional<double> balanced_load(Encounter& encounter, double rate, double places) {
  const auto excess = [&](double load) {
    return encounter.meet(load) ? load - rate * encounter.stay_s() : -places;
  };
  double high = places;
  double high_excess = excess(high);
  if (high_excess <= 0) return {};
  double low = 0;
  double low_excess = excess(low);
  for (int i = 0; i < 30 && high - low > 1e-4 * high; ++i) {
    const double middle = (low * high_excess - high * low_excess) / (high_excess - low_excess);
    const double found = excess(middle);
    if (std::abs(found) < 1e-4 * middle) return middle;
    if (found < 0) {
      low = middle;
      low_excess = found;
      high_excess /= 2;
    } else {
      high = middle;
      high_excess = found;
      low_excess /= 2;
    }
  }
  excess(high);
  return high;
}

// The mean iteration while the engine runs.
void add_mean_step(Steady& steady, const StepCost& cost, const Limits& limits,
                   const Workload& workload, const Encounter& encounter, double rate) {
  const double decoding = workload.output.mean() > 1 ? while_busy(steady.admitted) : 0;
  const bool first = limits.mixing == Mixing::prefill_first;
  const double prompt = workload.prompt.mean();
  StepTotal total;
  // Of one prompt: the iterations that decode until the next one comes, and its own.
  const double pure = std::max(0.0, steady.busy / rate - encounter.prompt_s());
  const double room = std::max(1.0, limits.token_budget - (first ? 0 : decoding));
  const TickCost answers(cost, {decoding, encounter.context(), prompt}, 0);
  const TickCost prompts(cost, {first ? 0 : decoding, encounter.context(), prompt},
                         std::min(prompt, room));
  const double chunks = std::max(1.0, prompt / room);
  prompts.add_to(total, chunks, std::min(prompt, room));
  if (decoding > 0) {
    const double own = first ? 0 : chunks * answers.seconds(0);
    answers.add_to(total, std::max(0.0, pure - own) / answers.seconds(0), 0);
  }
  steady.decode_share = std::min(1.0, pure / total.seconds());
  StepTotal mean;
  mean.add(1 / total.iterations, total.time, total.energy);
  steady.time = mean.time;
  steady.energy = mean.energy;
  steady.decoding = decoding;
}

}  // namespace

std::optional<Steady> open_loop(const StepCost& cost, const Limits& limits,
                                const Workload& workload, double rate) {
  if (rate >= saturated_rate(cost, limits, workload)) return {};
  const double places = most_admitted(limits, workload);
  Encounter encounter(cost, limits, workload, rate);
  const std::optional<double> load = balanced_load(encounter, rate, places);
  if (!load) return {};
  Steady steady;
  // At most the time that requests would take one by one: those that clump share iterations.
  steady.busy = std::min(-std::expm1(-*load), rate * encounter.alone_s());
  steady.admitted = *load;
  steady.context = encounter.context();
  steady.requests_per_second = rate;
  steady.output_tokens_per_second = rate * workload.output.mean();
  const Queue line = queue(places, *load, encounter.stay_s());
  steady.waiting = rate * line.waits * line.mean_s;
  const auto first_at = [&](double q) {
    const double late = line.waits > 1 - q ? std::log(line.waits / (1 - q)) : 0;
    return Seconds(encounter.ttft_s(normal_quantile(q)) + late * line.mean_s);
  };
  steady.ttft = with_prompts({Seconds(encounter.ttft_s() + line.waits * line.mean_s),
                              first_at(0.50), first_at(0.95), first_at(0.99)},
                             encounter.token_s(), workload.prompt);
  const double further = workload.output.mean() - 1;
  const Seconds tpot(further > 0 ? encounter.tpot_s() : 0);
  if (further > 0) {
    const double drift = encounter.deviation_s() / std::sqrt(std::max(1.0, further));
    steady.tpot = Spread{tpot, tpot, tpot + Seconds(1.645 * drift), tpot + Seconds(2.326 * drift)};
  }
  const auto whole = [&](Seconds first, double q) {
    return first + (workload.output.quantile(q) - 1) * tpot;
  };
  steady.e2e = {steady.ttft.mean + further * tpot, whole(steady.ttft.p50, 0.50),
                whole(steady.ttft.mean, 0.95), whole(steady.ttft.mean, 0.99)};
  if (workload.output.spread() == 0) {
    steady.e2e.p95 += steady.ttft.p95 - steady.ttft.mean;
    steady.e2e.p99 += steady.ttft.p99 - steady.ttft.mean;
  }
  add_mean_step(steady, cost, limits, workload, encounter, rate);
  return steady;
}

}  // namespace assay::plan

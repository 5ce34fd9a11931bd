// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/steady.hpp"

#include <algorithm>
#include <cmath>

#include "assay/plan/first_token.hpp"
#include "assay/plan/present_loop.hpp"
#include "assay/plan/prompt_mix.hpp"
#include "assay/plan/prompt_spread.hpp"
#include "assay/plan/tick_cost.hpp"

namespace assay::plan {
namespace {

using roofline::Mixing;

// Of an iteration's budget for prompts; from here on they queue whatever the clumps.
constexpr double kFull = 0.95;

// The lengths that the arithmetic needs.
struct Tokens {
  explicit Tokens(const Workload& workload)
      : prompt(workload.prompt.mean()), output(workload.output.mean()), further(output - 1) {
    // Long answers are met more often than short ones: the mean over sequences at any moment.
    const double spread = workload.output.spread();
    context = prompt + further / 2 * (1 + spread * spread);
    irregular = spread * spread;
  }
  double prompt;
  double output;
  double further;    // after the first
  double context;    // of a decoding sequence
  double irregular;  // of answers: squared deviation over mean
  // Prompt tokens that are computed for each of a request's own: more than one where the cache
  // overflows.
  double computed = 1;
};

// One way that an engine can run; what it comes to is read off at the end.
struct Regime {
  StepTotal cycle;            // the iterations of a cycle
  double requests = 0;        // that end in a cycle
  double decoding = 0;        // sequences that decode, mean over iterations
  double decode_seconds = 0;  // of the cycle, had it no prompts
  FirstToken first;           // seconds from being admitted
  double slope = 0;           // seconds that one more prompt token adds to that
  double least_tick = 0;      // seconds of an iteration that decodes one sequence and no prompt
};

// A regime of `admitted` sequences. clumped: answers of one length, all in step.
class Engine {
 public:
  Engine(const StepCost& cost, const Limits& limits, const Tokens& tokens, double admitted,
         bool clumped)
      : cost_(cost), limits_(limits), tokens_(tokens), admitted_(admitted), clumped_(clumped) {}

  [[nodiscard]] Regime regime() const {
    if (tokens_.further <= 0) return prompts_only();
    Regime out = decoding_regime();
    out.least_tick = tick_cost(1, 0).seconds(0);
    return out;
  }

 private:
  [[nodiscard]] Regime decoding_regime() const {
    if (limits_.mixing == Mixing::prefill_first)
      return clumped_ ? prefill_first_clumped() : prefill_first_scattered();
    if (clumped_) {
      const double budget = clump_budget();
      const double clump = admitted_ * tokens_.prompt * tokens_.computed / budget;  // iterations
      if (clump <= tokens_.further) return mixed_clumped(budget, clump);
    }
    return mixed_scattered();
  }

  // Prompt tokens of an iteration beside so many decoding sequences. Prompts that are not cut fill
  // whole multiples of one, and one at least.
  [[nodiscard]] double budget_beside(double decoding) const {
    const double room = std::max(1.0, limits_.token_budget - decoding);
    if (limits_.mixing != Mixing::whole_prompts) return room;
    return std::max(1.0, std::floor(room / tokens_.prompt)) * tokens_.prompt;
  }

  [[nodiscard]] TickCost tick_cost(double decoding, double budget) const {
    return {cost_, {decoding, tokens_.context, tokens_.prompt}, budget};
  }

  // Answers of one token: iterations hold prompts and nothing else.
  [[nodiscard]] Regime prompts_only() const {
    Regime out;
    const double budget = std::min(budget_beside(0), admitted_ * tokens_.prompt);
    tick_cost(0, budget).add_to(out.cycle, 1, budget);
    out.requests = budget / tokens_.prompt;
    const double ticks = std::max(1.0, admitted_ / out.requests);
    out.first.add(1, ticks * out.cycle.seconds());
    return out;
  }

  // All prompts, then all answers, in step.
  [[nodiscard]] Regime prefill_first_clumped() const {
    Regime out;
    const double all = admitted_ * tokens_.prompt * tokens_.computed;
    const double budget = std::min(limits_.token_budget, all);
    const TickCost prompts = tick_cost(0, budget);
    const double full = std::floor(all / budget + 1e-9);
    const double rest = std::max(0.0, all - full * budget);
    const double full_seconds = prompts.seconds(budget);
    prompts.add_to(out.cycle, full, budget);
    // Those whose prompt ends in the i-th iteration wait for i of them.
    const auto slots = static_cast<int>(std::min(full, 8.0));
    for (int i = 0; i < slots; ++i) {
      const double at = full * (i + 0.5) / slots + 0.5;
      out.first.add(budget / all * full / slots, at * full_seconds);
    }
    if (rest > 1e-6 * all) {
      prompts.add_to(out.cycle, 1, rest);
      out.first.add(rest / all, full * full_seconds + prompts.seconds(rest));
    }
    const double prompt_ticks = out.cycle.iterations;
    const TickCost answers = tick_cost(admitted_, 0);
    answers.add_to(out.cycle, tokens_.further, 0);
    out.requests = admitted_;
    out.decoding = admitted_ * tokens_.further / (tokens_.further + prompt_ticks);
    out.decode_seconds = tokens_.further * answers.seconds(0);
    return out;
  }

  // Between two iterations of decoding, the prompts of those that take the place of who ended.
  [[nodiscard]] Regime prefill_first_scattered() const {
    Regime out;
    const double rate = admitted_ / tokens_.further;
    const double prompts_come = rate * tokens_.computed;
    const double load = prompts_come * tokens_.prompt;
    const TickCost prompts = tick_cost(0, limits_.token_budget);
    tick_cost(admitted_, 0).add_to(out.cycle, 1, 0);
    out.decode_seconds = out.cycle.seconds();
    double prompt_ticks = load / limits_.token_budget;
    if (load >= limits_.token_budget) {
      prompts.add_to(out.cycle, prompt_ticks, limits_.token_budget);
    } else {
      const PromptMix mix =
          PromptMix::scattered(prompts_come, tokens_.prompt, limits_.token_budget);
      prompt_ticks = 0;
      for (const PromptMix::Class& each : mix.classes()) {
        if (each.tokens <= 0) continue;
        prompts.add_to(out.cycle, each.share, each.tokens);
        prompt_ticks += each.share;
      }
    }
    out.requests = rate;
    out.decoding = admitted_ / (1 + prompt_ticks);
    out.first = FirstToken::scattered(
        {.others = others(prompts_come), .prompt = tokens_.prompt, .budget = limits_.token_budget},
        prompts);
    out.slope = slope(prompts, limits_.token_budget);
    return out;
  }

  // Clumps of prompts end together, so each takes the place that its predecessor left. A prompt
  // that an iteration's end cuts falls behind, until each iteration holds whole ones.
  [[nodiscard]] double clump_budget() const {
    // Who computes a prompt does not decode: b = B - (A - b / P).
    const double room = limits_.token_budget - admitted_;
    const double budget = tokens_.prompt > 1 ? room / (1 - 1 / tokens_.prompt) : room;
    const double whole = std::floor(budget / tokens_.prompt + 1e-9);
    if (whole < 1 && limits_.mixing == Mixing::chunked) return std::max(1.0, budget);
    return std::clamp(whole, 1.0, std::max(1.0, admitted_)) * tokens_.prompt;
  }

  [[nodiscard]] Regime mixed_clumped(double budget, double clump) const {
    Regime out;
    const double each = std::ceil(tokens_.prompt / budget - 1e-9);  // iterations of one prompt
    const double beside = std::max(0.0, admitted_ - std::max(1.0, budget / tokens_.prompt));
    const TickCost mixed = tick_cost(beside, budget);
    const double full = std::floor(clump + 1e-9);
    const double rest = clump - full > 1e-6 ? clump - full : 0;
    mixed.add_to(out.cycle, full, budget);
    const double full_seconds = mixed.seconds(budget);
    // The last of a prompt's iterations holds what is left of it, and the next prompt's beginning
    // where one waits already: few do among few clients, each behind its predecessor.
    const double filled = std::max(0.0, 1 - 2 / admitted_);
    const double left = mixed.seconds(std::min(budget, tokens_.prompt - (each - 1) * budget));
    const double last = each > 1 ? filled * full_seconds + (1 - filled) * left : full_seconds;
    if (full > 0) out.first.add(full / clump, (each - 1) * full_seconds + last);
    if (rest > 0) {
      mixed.add_to(out.cycle, 1, rest * budget);
      out.first.add(rest / clump, (each - 1) * full_seconds + mixed.seconds(rest * budget));
    }
    const double pure = std::max(0.0, tokens_.further + each - out.cycle.iterations);
    const double ticks = out.cycle.iterations + pure;
    const TickCost answers = tick_cost(admitted_, 0);
    answers.add_to(out.cycle, pure, 0);
    out.requests = admitted_;
    out.decoding = admitted_ * tokens_.further / ticks;
    out.decode_seconds =
        pure * answers.seconds(0) + (ticks - pure) * (beside > 0 ? mixed.seconds(0) : 0);
    return out;
  }

  // A client does not meet itself.
  [[nodiscard]] double others(double rate) const { return rate * std::max(0.0, 1 - 1 / admitted_); }
  [[nodiscard]] double slope(const TickCost& ticks, double budget) const {
    const double prompt = std::min(tokens_.prompt, budget);
    if (prompt < tokens_.prompt) return ticks.seconds(budget) / budget;
    const double high = std::min(budget, 1.5 * prompt);
    return (ticks.seconds(high) - ticks.seconds(prompt / 2)) / (high - prompt / 2);
  }
  [[nodiscard]] double backlog(double rate, double budget) const {
    return mean_backlog({.rate = rate,
                         .prompt = tokens_.prompt,
                         .cycle = tokens_.further + 1,
                         .irregular = tokens_.irregular},
                        budget);
  }

  // Iterations from being let in to the first token, of a prompt that comes in at random.
  [[nodiscard]] double prompt_ticks(double decoding) const {
    const double rate = decoding / tokens_.further * tokens_.computed;
    const double budget = budget_beside(decoding);
    const double ahead = rate * tokens_.prompt / 2;
    const double own = (tokens_.prompt + ahead) / budget + (tokens_.prompt > budget ? 0.5 : 0);
    return std::max(1.0, own) + backlog(rate, budget) / budget;
  }

  // Sequences that decode while all admitted ones either decode or wait for their prompt.
  [[nodiscard]] double balance() const {
    double low = 0;
    double high = admitted_ * tokens_.further / (tokens_.further + 1);
    const auto taken = [&](double decoding) {
      return decoding * (1 + prompt_ticks(decoding) / tokens_.further);
    };
    if (taken(high) <= admitted_) return high;
    for (int i = 0; i < 12; ++i) {
      const double middle = (low + high) / 2;
      (taken(middle) > admitted_ ? high : low) = middle;
    }
    return low;
  }

  [[nodiscard]] Regime mixed_scattered() const {
    Regime out;
    out.decoding = balance();
    const double rate = out.decoding / tokens_.further;
    const double prompts_come = rate * tokens_.computed;
    const double budget = budget_beside(out.decoding);
    const TickCost ticks = tick_cost(out.decoding, budget);
    const PromptMix mix = PromptMix::scattered(prompts_come, tokens_.prompt, budget);
    for (const PromptMix::Class& each : mix.classes())
      ticks.add_to(out.cycle, each.share, each.tokens);
    out.requests = rate;
    out.decode_seconds = ticks.seconds(0);
    out.slope = slope(ticks, budget);
    const double load = prompts_come * tokens_.prompt / budget;
    if (load > kFull) {
      // Prompts are the bottleneck: whoever does not decode stands in line, all about as long.
      const double line = std::max(1.0, (admitted_ - out.decoding) / rate);
      out.first.add(1, line * out.cycle.seconds());
    } else {
      out.first = FirstToken::scattered(
          {others(prompts_come), tokens_.prompt, budget, backlog(prompts_come, budget)}, ticks);
    }
    return out;
  }

  const StepCost& cost_;
  const Limits& limits_;
  const Tokens& tokens_;
  double admitted_;
  bool clumped_;
};

Spread scaled(const Spread& spread, double by) {
  return {by * spread.mean, by * spread.p50, by * spread.p95, by * spread.p99};
}

// Answers' lengths spread the whole request's time; the first token's spread adds at the mean.
Spread e2e_of(const Spread& ttft, Seconds tpot, const Workload& workload) {
  const auto at = [&](double q) { return ttft.mean + (workload.output.quantile(q) - 1) * tpot; };
  const Seconds mean = ttft.mean + (workload.output.mean() - 1) * tpot;
  return {mean, std::max(at(0.5), Seconds(0)) + (ttft.p50 - ttft.mean),
          at(0.95) + (workload.output.spread() > 0 ? Seconds(0) : ttft.p95 - ttft.mean),
          at(0.99) + (workload.output.spread() > 0 ? Seconds(0) : ttft.p99 - ttft.mean)};
}

// Answers of one length: who comes early in a clump decodes longer. Others: chance, and it evens
// out over the iterations that a request sees.
Spread tpot_of(Seconds mean, const Regime& regime, const Tokens& tokens, const Workload& workload) {
  const double slip = 1 / tokens.further;
  if (workload.output.spread() == 0) {
    const auto early = [&](double q) {
      return mean + slip * (Seconds(regime.first.mean()) - regime.first.quantile(q));
    };
    const Seconds least(regime.least_tick);
    return {mean, std::max(least, early(0.5)), std::max(least, early(0.05)),
            std::max(least, early(0.01))};
  }
  const double drift =
      regime.first.deviation() * slip * std::sqrt(slip * std::max(1.0, regime.requests));
  return {mean, mean, mean + Seconds(1.645 * drift), mean + Seconds(2.326 * drift)};
}

Steady read_off(const Regime& regime, const Tokens& tokens, const Workload& workload,
                double admitted, double waiting) {
  Steady out;
  out.requests_per_second = regime.requests / regime.cycle.seconds();
  out.output_tokens_per_second = out.requests_per_second * tokens.output;
  out.decoding = regime.decoding;
  out.admitted = admitted;
  out.waiting = waiting;
  out.context = tokens.context;
  out.decode_share = regime.decode_seconds / regime.cycle.seconds();
  StepTotal mean;
  mean.add(1 / regime.cycle.iterations, regime.cycle.time, regime.cycle.energy);
  out.time = mean.time;
  out.energy = mean.energy;
  Seconds first(regime.first.mean());
  const Spread within{first, regime.first.quantile(0.50), regime.first.quantile(0.95),
                      regime.first.quantile(0.99)};
  out.ttft = with_prompts(within, regime.slope, workload.prompt);
  Seconds tpot{};
  if (tokens.further > 0) {
    // Little's law: admitted = rate x time within. What the first token is thought to take too long
    // would be taken from the others: none of them is faster than an iteration for it alone.
    const Seconds stay(admitted / out.requests_per_second);
    const Seconds most = stay - tokens.further * Seconds(regime.least_tick);
    if (first > most) {
      out.ttft = scaled(out.ttft, std::max(0.0, most / first));
      first = out.ttft.mean;
    }
    tpot = std::max(Seconds(regime.least_tick), (stay - first) / tokens.further);
    out.tpot = tpot_of(tpot, regime, tokens, workload);
  }
  out.ttft = shifted(out.ttft, Seconds(waiting / out.requests_per_second));
  out.e2e = e2e_of(out.ttft, tpot, workload);
  return out;
}

}  // namespace

double most_admitted(const Limits& limits, const Workload& workload) {
  const Tokens tokens(workload);
  const double growing = tokens.further > 0 ? tokens.context + 1 : tokens.prompt;
  const double each = limits.reserves_answers ? tokens.prompt + tokens.further : growing;
  return std::min(limits.max_sequences, limits.kv_tokens / each);
}

Steady present_loop(const StepCost& cost, const Limits& limits, const Workload& workload,
                    double concurrency, bool clumped) {
  Tokens tokens(workload);
  const bool alike = workload.output.spread() == 0 && workload.prompt.spread() == 0;
  const double most = most_admitted(limits, workload);
  // A cache for 4.4 sequences of one length holds four.
  const double admitted = std::min(concurrency, alike ? std::max(1.0, std::floor(most)) : most);
  const double waiting = concurrency - admitted;
  // Who ends leaves room for a prompt and its whole answer: all of it is given to prompts at once,
  // and taken from them again, computed in vain, as the others' answers grow.
  if (waiting > 0 && most < limits.max_sequences && !limits.reserves_answers)
    tokens.computed = 1 + std::min(tokens.further / tokens.prompt, waiting);
  Regime regime = Engine(cost, limits, tokens, admitted, clumped).regime();
  regime.first.sort();
  return read_off(regime, tokens, workload, admitted, waiting);
}

}  // namespace assay::plan

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "assay/plan/present_loop.hpp"

namespace assay::plan {
namespace {

// Of the most that an engine keeps up by mean values: so far the simulator may fall short of it.
constexpr double kSure = 0.92;

// Clients that are away for a while between two requests. Those whose answers end in step come back
// in step; others find the engine amid an iteration.
Steady with_absence(const StepCost& cost, const Limits& limits, const Workload& workload,
                    double concurrency, bool clumped) {
  Steady out = present_loop(cost, limits, workload, concurrency, clumped);
  if (limits.outside.value() <= 0) return out;
  Seconds stay((out.admitted + out.waiting) / out.requests_per_second);
  Seconds meets{};  // what is left of an iteration
  constexpr int kRounds = 5;
  double inside = concurrency;
  for (int i = 0; i < kRounds && !clumped; ++i) {
    meets = 0.5 * (1 - 1 / inside) * out.time.total();
    const double next = std::max(1.0, concurrency * (stay / (stay + meets + limits.outside)));
    if (std::abs(next - inside) < 1e-4 * inside) break;
    inside = next;
    out = present_loop(cost, limits, workload, inside, clumped);
    stay = Seconds((out.admitted + out.waiting) / out.requests_per_second);
  }
  const double rate = concurrency / (stay + meets + limits.outside).value();
  const double share = rate / out.requests_per_second;
  out.busy = std::min(1.0, share);
  out.requests_per_second = rate;
  out.output_tokens_per_second *= share;
  out.waiting *= share;
  out.admitted = rate * (stay + meets).value() - out.waiting;
  out.ttft = shifted(out.ttft, meets);
  out.e2e = shifted(out.e2e, meets);
  return out;
}

}  // namespace

Steady closed_loop(const StepCost& cost, const Limits& limits, const Workload& workload,
                   double concurrency) {
  return with_absence(cost, limits, workload, concurrency, workload.output.spread() == 0);
}

Steady scattered_loop(const StepCost& cost, const Limits& limits, const Workload& workload,
                      double concurrency) {
  return with_absence(cost, limits, workload, concurrency, false);
}

double saturated_rate(const StepCost& cost, const Limits& limits, const Workload& workload) {
  const double most = most_admitted(limits, workload);
  const double waiting = std::max(1.0, workload.output.mean() / workload.prompt.mean());
  const auto rate = [&](bool clumped) {
    return present_loop(cost, limits, workload, most + waiting, clumped).requests_per_second;
  };
  // Answers of one length fall into step once there is a queue.
  const bool in_step = workload.output.spread() == 0;
  return kSure * (in_step ? std::min(rate(true), rate(false)) : rate(false));
}

}  // namespace assay::plan

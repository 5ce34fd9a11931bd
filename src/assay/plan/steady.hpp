// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/plan/serving.hpp"
#include "assay/plan/statistics.hpp"
#include "assay/plan/step_cost.hpp"
#include "assay/plan/workload.hpp"

// The closed form beside the simulator: the steady state of an engine by mean values, in about ten
// evaluations of the step's cost. It counts in iterations ("ticks") first, which needs no time at
// all: who decodes n sequences of D further tokens sees n / D of them end, and as many prompts come
// in, each tick. How those prompts clump decides TTFT. Answers of one length keep the clump in
// which they started; others come and go like a Poisson process. serving_test's simulator is the
// judge.
namespace assay::plan {

struct Steady {
  Spread ttft;
  std::optional<Spread> tpot;  // nothing where answers are one token
  Spread e2e;
  double busy = 1;  // share of the time in which an iteration runs
  double requests_per_second = 0;
  double output_tokens_per_second = 0;
  double decoding = 0;          // sequences that decode, on average over iterations
  double admitted = 0;          // decoding, or their prompt under way
  double waiting = 0;           // for room in the batch or the cache
  double context = 0;           // mean tokens of a decoding sequence
  double decode_share = 0;      // of the time: what decoding alone would take; prompts add the rest
  roofline::StepTime time;      // of the mean iteration: its parts give the shares of time
  roofline::StepEnergy energy;  // of the mean iteration, where the cost can say
};

// Sequences that the limits let in at once, at these lengths; under 1: not even one.
double most_admitted(const Limits& limits, const Workload& workload);

// `concurrency` clients that ask again once answered, 1 or more (need not be whole: one of several
// engines may have its share): rate x (time in the engine + limits.outside). Needs
// most_admitted() >= 1.
Steady closed_loop(const StepCost& cost, const Limits& limits, const Workload& workload,
                   double concurrency);

// The same, but with prompts that come in at random whatever the answers' lengths.
Steady scattered_loop(const StepCost& cost, const Limits& limits, const Workload& workload,
                      double concurrency);

// Requests a second with ever more of them waiting: what an engine keeps up whatever comes. Where
// the cache lets in less than the scheduler does, caches lost and computed again are in it. Needs
// most_admitted() >= 1.
double saturated_rate(const StepCost& cost, const Limits& limits, const Workload& workload);

// Requests at a Poisson rate (a second, over 0); nothing from saturated_rate() on, and where
// prompts alone are too many. Needs most_admitted() >= 1.
std::optional<Steady> open_loop(const StepCost& cost, const Limits& limits,
                                const Workload& workload, double rate);

}  // namespace assay::plan

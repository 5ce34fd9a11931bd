// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "assay/plan/step_cost.hpp"

namespace assay::plan {

// What iterations cost that differ in their prompt tokens alone: a few evaluations of the step's
// cost, straight lines between them.
class TickCost {
 public:
  struct Sequences {
    double decoding = 0;
    double context = 0;  // mean tokens of one of them
    double prompt = 1;   // tokens of one prompt
  };
  // For 0 to `budget` prompt tokens an iteration.
  TickCost(const StepCost& cost, const Sequences& sequences, double budget);

  [[nodiscard]] double seconds(double tokens) const;

  void add_to(StepTotal& total, double times, double tokens) const;

 private:
  struct Node {
    double tokens = 0;
    double seconds = 0;
    roofline::StepTime time;
    roofline::StepEnergy energy;
  };
  static constexpr std::size_t kMost = 7;

  void evaluate(const StepCost& cost, const Sequences& sequences, double tokens);
  struct Place {
    const Node* low;
    const Node* high;
    double share;  // of the high one
  };
  [[nodiscard]] Place place(double tokens) const;

  std::array<Node, kMost> nodes_{};
  std::size_t count_ = 0;
};

}  // namespace assay::plan

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "assay/plan/statistics.hpp"
#include "assay/plan/tick_cost.hpp"

namespace assay::plan {

// How long requests wait for their first token, as classes of requests.
class FirstToken {
 public:
  // Prompts that come in at random into iterations.
  struct Arrivals {
    double others = 0;   // prompts an iteration, but for the request's own
    double prompt = 1;   // tokens
    double budget = 1;   // prompt tokens of an iteration
    double backlog = 0;  // mean tokens left over from earlier ones
  };
  static FirstToken scattered(const Arrivals& arrivals, const TickCost& ticks);

  void add(double share, double seconds);
  // Puts the classes in order: call before the rest, after the last add().
  void sort();
  [[nodiscard]] double mean() const;
  [[nodiscard]] double deviation() const;
  // Below which the share q of the requests lies; 0 of none.
  [[nodiscard]] Seconds quantile(double q) const;

 private:
  struct Class {
    double share = 0;
    double seconds = 0;
  };
  static constexpr std::size_t kMost = 160;
  std::array<Class, kMost> classes_;
  std::size_t count_ = 0;
};

}  // namespace assay::plan

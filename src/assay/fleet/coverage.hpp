// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "assay/fleet/answer.hpp"
#include "assay/units/units.hpp"

namespace assay::fleet {

// How long a sample stands for: each target's own scrape interval, as measured. Without it counts
// of samples are no time: a server that is 50 s old would seem to know a month.
class Coverage {
 public:
  // `intervals`: seconds between samples, `counts`: the most samples of one device in the window,
  // both by job and instance. No device was there for longer than the window, so none counts more.
  Coverage(const Answer& intervals, const Answer& counts, Seconds window);

  // Samples to GPU-hours. Rows that name a job and an instance are weighed by their own interval,
  // and a device that several targets tell of (scraped and pushed) counts once, by the longest;
  // others by the fleet's least interval, which
  // invents no time.
  [[nodiscard]] Answer hours(const Answer& samples) const;

  // All targets have one interval, within a tenth: the server may sum over them.
  [[nodiscard]] bool uniform() const { return uniform_; }
  // How much of the window any device was seen for; 0: of none an interval is known.
  [[nodiscard]] Seconds longest() const { return longest_; }

 private:
  [[nodiscard]] double interval_of(const exposition::Labels& labels) const;

  std::vector<std::pair<std::string, double>> intervals_;  // by target, in its order
  double least_ = 0;
  bool uniform_ = true;
  Seconds longest_{0};
};

}  // namespace assay::fleet

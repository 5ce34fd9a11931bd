// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "assay/base/result.hpp"
#include "assay/plan/price.hpp"
#include "assay/plan/steady.hpp"
#include "assay/plan/workload.hpp"
#include "assay/roofline/step_model.hpp"

namespace assay::plan {

// 90 % of measured values lie within, as the fit's residuals say; never under what the datasheet's
// peaks allow.
struct Interval {
  double lo = 0;
  double hi = 0;
};

// Parts of a whole, summing to 1 where there is any.
struct TimeShare {
  double weights = 0;
  double kv = 0;
  double compute = 0;
  double collective = 0;
  double overhead = 0;
};
// Of the energy that work takes; what the board draws while standing by is apart, in `standing`.
struct EnergyShare {
  double moving_data = 0;
  double arithmetic = 0;
  double standing = 0;
};

// What serving comes to. Latencies are what a client sees, overhead of the request included.
struct Prediction {
  double concurrency = 0;  // requests under way, of all replicas together
  Spread ttft;
  Interval ttft_interval;  // seconds, of the mean
  std::optional<Spread> tpot;
  Interval tpot_interval;
  Spread e2e;
  double requests_per_second = 0;
  double input_tokens_per_second = 0;
  double output_tokens_per_second = 0;
  double batch = 0;    // sequences that decode at once, in one replica
  double waiting = 0;  // requests that find no room, of all replicas
  TimeShare time_share;
  roofline::Resource bottleneck = roofline::Resource::dram;
  std::optional<DollarsPerHour> price;  // of all chips
  std::optional<TokenPrice> cost;       // of a million tokens; nothing without a price
  Interval cost_interval;               // dollars, of cost->output_all
  std::optional<Watts> power;           // of all chips; nothing where the catalog has no TDP
  std::optional<Joules> per_token;      // of output
  EnergyShare energy_share;
  roofline::Provenance provenance = roofline::Provenance::datasheet;
};

// Tokens of the mean request.
struct MeanLengths {
  double prompt = 1;
  double output = 1;
};

// A model on so many replicas of a chip under an engine. Immutable; any thread may read it.
class Deployment {
 public:
  // Errors: those of StepModel::make. A model that does not fit is none: see room().
  static Result<Deployment> make(const model::Model& model, const roofline::ChipRoof& roof,
                                 roofline::Parallel parallel, const roofline::EngineProfile& engine,
                                 int replicas);

  [[nodiscard]] int replicas() const { return replicas_; }
  [[nodiscard]] int chips() const { return replicas_ * step_.parallel().chips(); }
  [[nodiscard]] const roofline::StepModel& step() const { return step_; }
  [[nodiscard]] std::optional<DollarsPerHour> price() const { return price_; }

  // Requests of this workload that one replica holds at once; under 1 it can't serve it at all.
  [[nodiscard]] double room(const Workload& workload) const;
  // What one replica's scheduler and cache allow at these lengths.
  [[nodiscard]] Limits limits(const Workload& workload) const;
  // For the simulator. Both refer to this deployment, which must outlive them.
  [[nodiscard]] StepCost step_cost() const;

  // Replicas that have a request at this concurrency: with fewer requests than replicas the others
  // stand by, and are paid for.
  [[nodiscard]] double working(double concurrency) const;
  // A closed loop of so many requests, 1 or more, over the replicas that work. Needs room() >= 1.
  [[nodiscard]] Prediction at_concurrency(const Workload& workload, double concurrency) const;
  // Requests a second that all replicas together keep up however long it lasts. Needs room() >= 1.
  [[nodiscard]] double most_rate(const Workload& workload) const;
  // Requests a second in Poisson's order, shared evenly; nothing from most_rate() on.
  [[nodiscard]] std::optional<Prediction> at_rate(const Workload& workload, double rate) const;
  // What an iteration of one replica spends its time on that decodes so many sequences and computes
  // no prompt.
  [[nodiscard]] TimeShare decode_share(const Workload& workload, double sequences) const;
  // What one replica's simulated run comes to where so many replicas do the same and the others
  // stand by: the requests after the first `warm_up`; nothing where none is left.
  [[nodiscard]] std::optional<Prediction> of_run(const Run& run, std::size_t warm_up,
                                                 double working) const;

 private:
  Deployment(roofline::StepModel step, roofline::StepModel light, int replicas)
      : step_(std::move(step)), light_(std::move(light)), replicas_(replicas) {}
  [[nodiscard]] roofline::StepShape of_busiest_copy(const roofline::StepShape& shape) const;
  [[nodiscard]] Prediction predict(const MeanLengths& lengths, const Steady& steady,
                                   double working) const;

  roofline::StepModel step_;
  roofline::StepModel light_;  // the same at the speed of light
  int replicas_;
  std::optional<DollarsPerHour> price_;
  bool knows_power_ = false;
};

}  // namespace assay::plan

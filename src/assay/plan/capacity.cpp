// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "assay/plan/limits_check.hpp"

namespace assay::plan {
namespace {

// Of what an engine keeps up, from where on there is no steady state to foretell.
constexpr double kFullest = 0.995;
// At which a service is as fast as it gets.
constexpr double kLightest = 1e-3;
constexpr int kHalvings = 9;  // to 0.2 % of the capacity

}  // namespace

Seconds pick(const Spread& spread, Statistic statistic) {
  switch (statistic) {
    case Statistic::mean: return spread.mean;
    case Statistic::p50: return spread.p50;
    case Statistic::p95: return spread.p95;
    case Statistic::p99: return spread.p99;
  }
  return spread.mean;
}

std::string_view to_string(Statistic statistic) {
  switch (statistic) {
    case Statistic::mean: return "mean";
    case Statistic::p50: return "p50";
    case Statistic::p95: return "p95";
    case Statistic::p99: return "p99";
  }
  return "?";
}

std::optional<TooSlow> too_slow(const Prediction& prediction, const Limit& limit) {
  if (limit.ttft && pick(prediction.ttft, limit.at) > *limit.ttft)
    return TooSlow{TooSlow::What::ttft, pick(prediction.ttft, limit.at), *limit.ttft, {}};
  if (limit.tpot && prediction.tpot && pick(*prediction.tpot, limit.at) > *limit.tpot)
    return TooSlow{TooSlow::What::tpot, pick(*prediction.tpot, limit.at), *limit.tpot, {}};
  return {};
}

Reach reach_of(const Prediction& prediction, int chips, const Limit& limit) {
  Reach reach{.ttft = pick(prediction.ttft, limit.at)};
  if (prediction.tpot) reach.tpot = pick(*prediction.tpot, limit.at);
  const bool power = !limit.power || (prediction.power && *prediction.power <= *limit.power);
  const bool price = !limit.price || (prediction.price && *prediction.price <= *limit.price);
  reach.affordable = power && price && (!limit.chips || chips <= *limit.chips);
  return reach;
}

Prediction at_lightest(const Deployment& replica, const Workload& workload) {
  if (auto light = replica.at_rate(workload, kLightest * replica.most_rate(workload)))
    return *light;
  return replica.at_concurrency(workload, 1);
}

std::optional<Capacity> capacity(const Deployment& replica, const Demand& demand) {
  const double most = kFullest * replica.most_rate(demand.workload);
  const auto within = [&](double rate) -> std::optional<Prediction> {
    auto found = replica.at_rate(demand.workload, rate);
    if (found && too_slow(*found, demand.limit)) found.reset();
    return found;
  };
  if (const auto full = within(most)) return Capacity{most, *full};
  double low = 0;
  double high = most;
  std::optional<Prediction> best;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    if (auto found = within(middle)) {
      low = middle;
      best = std::move(found);
    } else {
      high = middle;
    }
  }
  if (!best) return {};
  return Capacity{low, *best};
}

std::optional<double> tokens_within(const Deployment& replica, const Demand& demand) {
  if (replica.room(demand.workload) < 1) return {};
  const std::optional<Capacity> most = capacity(replica, demand);
  if (!most) return {};
  return most->rate * demand.workload.output.mean();
}

}  // namespace assay::plan

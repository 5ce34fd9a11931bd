// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <ranges>
#include <utility>

#include "assay/plan/frontier.hpp"
#include "assay/plan/limits_check.hpp"
#include "assay/plan/reach.hpp"
#include "assay/plan/search.hpp"

namespace assay::plan {
namespace {

// Requests after those that fill the engine, and what draws them. The short run drops at little
// cost what is far off; slow queues show in the long ones alone, and there only near the most that
// an engine keeps up.
struct Sample {
  double requests;
  std::uint64_t seed;
};
constexpr Sample kLight[] = {{1000, 1}, {4000, 2}};
constexpr Sample kHeavy[] = {{1000, 1}, {20000, 2}, {20000, 3}};
constexpr double kHeavyLoad = 0.6;  // of what it keeps up
constexpr double kMostFilling = 10000;
constexpr int kTries = 6;               // at one answer
constexpr double kStep = 1.06;          // of replicas, or of load, from one try to the next
constexpr std::size_t kMostRuns = 400;  // answers simulated in all

// Whether requests take ever longer: the mean of the last third over that of the first, by a
// quarter and by more than 1 % of the time between the two, which is the share of them that is left
// over.
bool falls_behind(std::span<const Served> requests) {
  const std::size_t third = requests.size() / 3;
  const auto mean = [&](std::size_t from) {
    Seconds sum{};
    for (const Served& each : requests.subspan(from, third)) sum += each.e2e();
    return sum / static_cast<double>(third);
  };
  const std::size_t last = requests.size() - third;
  const Seconds longer = mean(last) - mean(0);
  return longer > 0.25 * mean(0) && longer > 0.01 * (requests[last].arrival - requests[0].arrival);
}

class Verifier {
 public:
  Verifier(std::span<const Variant> variants, std::span<const roofline::ChipRoof> roofs,
           const roofline::EngineProfile& engine, const Demand& demand)
      : variants_(variants), roofs_(roofs), engine_(engine), demand_(demand) {}

  void run(Found& found, std::size_t most) {
    for (bool changed = true; changed && runs_ < kMostRuns;) {
      changed = false;
      std::vector<std::size_t> broken;
      for (const std::size_t row : worth_showing(found, most)) {
        Answer& answer = found.answers[row];
        if (answer.simulated) continue;
        changed = true;
        if (auto why = hold(answer)) {
          found.refusals.push_back({answer.candidate, *std::move(why)});
          broken.push_back(row);
        }
      }
      for (const std::size_t row : broken | std::views::reverse)
        found.answers.erase(found.answers.begin() + static_cast<std::ptrdiff_t>(row));
      rank(found.answers);
    }
    if (found.answers.empty()) found.unreachable = unreachable(demand_.limit, found.refusals);
  }

 private:
  [[nodiscard]] Result<Deployment> deploy(const Candidate& candidate) const {
    return Deployment::make(variants_[candidate.variant].model, roofs_[candidate.roof],
                            candidate.parallel, engine_, candidate.replicas);
  }

  // Simulates it, with more replicas or less load until it keeps the limits; or why it can't.
  std::optional<Reason> hold(Answer& answer) {
    std::optional<TooSlow> slow;
    Answer tried = answer;
    for (int attempt = 0; attempt < kTries; ++attempt) {
      if (attempt > 0 && !ease(tried)) break;
      const auto deployment = deploy(tried.candidate);
      if (!deployment) return Unbuildable{deployment.error().message};
      const auto keeps_up = simulate(*deployment, tried.prediction);
      if (!keeps_up) return Unbuildable{keeps_up.error().message};
      if (!*keeps_up) continue;
      auto found = too_slow(tried.prediction, demand_.limit);
      if (!found) {
        tried.simulated = true;
        answer = std::move(tried);
        return {};
      }
      found->reach = reach_of(tried.prediction, tried.candidate.chips(), demand_.limit);
      if (!slow || found->best < slow->best) slow = found;
    }
    if (slow) return *slow;
    return Unbuildable{"falls behind this load when its requests are simulated one by one"};
  }

  // The next thing to try; false where there is none within the limits.
  [[nodiscard]] bool ease(Answer& answer) const {
    const double rate = answer.prediction.requests_per_second;
    Candidate& candidate = answer.candidate;
    if (demand_.rate)
      candidate.replicas = std::max(candidate.replicas + 1,
                                    static_cast<int>(std::lround(candidate.replicas * kStep)));
    const auto deployment = deploy(candidate);
    if (!deployment) return false;
    auto next = deployment->at_rate(demand_.workload, demand_.rate ? *demand_.rate : rate / kStep);
    if (!next) return false;
    answer.prediction = *std::move(next);
    answer.most_rate = answer.prediction.requests_per_second / candidate.replicas;
    return reach_of(answer.prediction, candidate.chips(), demand_.limit).affordable;
  }

  // Puts the simulated latencies into a prediction for the same load: those of the sample whose
  // first tokens are slowest, or that breaks a limit. False: it falls behind.
  Result<bool> simulate(const Deployment& deployment, Prediction& into) {
    ++runs_;
    const double load = into.requests_per_second / deployment.most_rate(demand_.workload);
    const std::span<const Sample> samples =
        load < kHeavyLoad ? std::span<const Sample>(kLight) : kHeavy;
    std::optional<Prediction> slowest;
    for (const Sample& sample : samples) {
      Prediction seen = into;
      TRY_ASSIGN(const bool keeps_up, simulate(deployment, sample, seen));
      if (!keeps_up) return false;
      const Statistic at = demand_.limit.at;
      const bool breaks = too_slow(seen, demand_.limit).has_value();
      if (breaks || !slowest || &sample == &samples[1] ||
          pick(seen.ttft, at) > pick(slowest->ttft, at))
        slowest = std::move(seen);
      if (breaks) break;
    }
    into = *std::move(slowest);
    return true;
  }

  Result<bool> simulate(const Deployment& deployment, const Sample& sample,
                        Prediction& into) const {
    const double rate = into.requests_per_second / deployment.replicas();
    const double under_way = rate * into.e2e.mean.value();
    const double filling = std::clamp(2 * under_way, 100.0, kMostFilling);
    const auto requests = draw(
        demand_.workload, static_cast<std::size_t>(filling + sample.requests), rate, sample.seed);
    TRY_ASSIGN(const Run run, serve(deployment.step_cost(), deployment.limits(demand_.workload),
                                    requests, std::nullopt));
    const auto seen =
        deployment.of_run(run, static_cast<std::size_t>(filling), deployment.replicas());
    into.ttft = seen->ttft;
    into.ttft_interval = seen->ttft_interval;
    into.tpot = seen->tpot;
    into.tpot_interval = seen->tpot_interval;
    into.e2e = seen->e2e;
    return !falls_behind(std::span(run.requests).subspan(static_cast<std::size_t>(filling)));
  }

  std::span<const Variant> variants_;
  std::span<const roofline::ChipRoof> roofs_;
  const roofline::EngineProfile& engine_;
  const Demand& demand_;
  std::size_t runs_ = 0;
};

}  // namespace

void verify(Found& found, std::span<const Variant> variants,
            std::span<const roofline::ChipRoof> roofs, const roofline::EngineProfile& engine,
            const Demand& demand, std::size_t most) {
  Verifier(variants, roofs, engine, demand).run(found, most);
}

}  // namespace assay::plan

// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/search.hpp"

#include <algorithm>
#include <cmath>

#include "assay/plan/fit_advice.hpp"
#include "assay/plan/frontier.hpp"
#include "assay/plan/limits_check.hpp"
#include "assay/plan/parallelism.hpp"
#include "assay/plan/reach.hpp"

namespace assay::plan {
namespace {

constexpr int kPowerHalvings = 6;  // to 2 % of the rate

bool multiplies(const roofline::ChipRoof& roof, const Variant& variant) {
  const Dtype weights = variant.model.quantization.weights;
  return roof.product(weights).dtype == weights;
}

bool worth_trying(const roofline::ChipRoof& roof, const Variant& variant,
                  std::span<const Variant> all) {
  if (variant.last_resort)
    return !roof.multiplies_16() && std::ranges::none_of(all, [&](const Variant& other) {
      return !other.last_resort && multiplies(roof, other);
    });
  return !variant.native_only || multiplies(roof, variant);
}

// Tries one candidate after the other and files each under answers or refusals.
class Search {
 public:
  Search(std::span<const Variant> variants, std::span<const roofline::ChipRoof> roofs,
         const roofline::EngineProfile& engine, const Demand& demand)
      : variants_(variants), roofs_(roofs), engine_(engine), demand_(demand) {}

  Found run() {
    for (std::size_t roof = 0; roof < roofs_.size(); ++roof)
      for (std::size_t variant = 0; variant < variants_.size(); ++variant) {
        if (!worth_trying(roofs_[roof], variants_[variant], variants_)) continue;
        for (const roofline::Parallel& parallel :
             parallelisms(variants_[variant].model, roofs_[roof]))
          attempt({variant, roof, parallel, 1});
      }
    return std::move(found_);
  }

 private:
  void refuse(const Candidate& candidate, Reason reason) {
    found_.refusals.push_back({candidate, std::move(reason)});
  }

  [[nodiscard]] Result<Deployment> deploy(const Candidate& candidate) const {
    return Deployment::make(variants_[candidate.variant].model, roofs_[candidate.roof],
                            candidate.parallel, engine_, candidate.replicas);
  }

  void attempt(const Candidate& candidate) {
    const auto replica = deploy(candidate);
    if (!replica) return refuse(candidate, Unbuildable{replica.error().message});
    if (replica->room(demand_.workload) < 1) return refuse(candidate, too_big(*replica));
    if (demand_.rate) {  // often one replica is enough: no search for what it holds
      auto one = replica->at_rate(demand_.workload, *demand_.rate);
      if (one && !too_slow(*one, demand_.limit))
        return accept(candidate, std::move(*one), *demand_.rate);
    }
    const Prediction lightest = at_lightest(*replica, demand_.workload);
    if (auto slow = too_slow(lightest, demand_.limit)) {
      slow->reach = reach_of(lightest, replica->chips(), demand_.limit);
      return refuse(candidate, *slow);
    }
    auto most = capacity(*replica, demand_);
    if (!most) return refuse(candidate, too_narrow());
    if (!demand_.rate) return accept(candidate, std::move(most->at), most->rate);
    scale_out(candidate, most->rate);
  }

  // As many replicas as the rate takes.
  void scale_out(Candidate candidate, double each) {
    const double replicas = std::ceil(*demand_.rate / each - 1e-9);
    constexpr double kMostReplicas = 1e6;
    if (replicas > kMostReplicas)
      return refuse(candidate,
                    OverLimit{OverLimit::What::chips, replicas * candidate.parallel.chips(),
                              kMostReplicas * candidate.parallel.chips(), each * kMostReplicas,
                              static_cast<int>(kMostReplicas)});
    candidate.replicas = static_cast<int>(replicas);
    const auto all = deploy(candidate);
    if (!all) return refuse(candidate, Unbuildable{all.error().message});
    auto prediction = all->at_rate(demand_.workload, *demand_.rate);
    if (!prediction) return refuse(candidate, too_narrow());
    accept(candidate, std::move(*prediction), each);
  }

  // Alone a request keeps the limits, but the fewest that are told apart already break them.
  [[nodiscard]] static Unbuildable too_narrow() {
    return {"keeps the limits only where next to no request comes"};
  }

  [[nodiscard]] TooBig too_big(const Deployment& replica) const {
    return {missing_per_chip(replica, demand_.workload), replica.step().memory().weights_per_chip};
  }

  void accept(const Candidate& candidate, Prediction prediction, double most_rate) {
    // What is not known can't be held to a limit.
    if (demand_.limit.price && !prediction.price)
      return refuse(candidate, Unbuildable{"has no known price to hold against the limit"});
    if (demand_.limit.power && !prediction.power)
      return refuse(candidate, Unbuildable{"has no known power to hold against the limit"});
    if (const auto over = over_limit(candidate, prediction, most_rate))
      return refuse(candidate, *over);
    found_.answers.push_back(
        {.candidate = candidate, .prediction = std::move(prediction), .most_rate = most_rate});
  }

  // The fewer replicas that a budget pays for work harder, each at the most that it holds: so power
  // goes down by less than their number, and what they may serve within it is looked for.
  [[nodiscard]] double rate_within_power(Candidate candidate, double most) const {
    const auto fewer = deploy(candidate);
    if (!fewer) return 0;
    const auto holds = [&](double rate) {
      const auto found = fewer->at_rate(demand_.workload, rate);
      return found && found->power && *found->power <= *demand_.limit.power;
    };
    if (holds(most)) return most;
    double low = 0;
    for (int i = 0; i < kPowerHalvings; ++i) {
      const double middle = (low + most) / 2;
      (holds(middle) ? low : most) = middle;
    }
    return low;
  }

  [[nodiscard]] std::optional<OverLimit> over_limit(const Candidate& candidate,
                                                    const Prediction& prediction,
                                                    double most_rate) const {
    const Limit& limit = demand_.limit;
    const double replicas = candidate.replicas;
    const auto over = [&](OverLimit::What what, double needed,
                          double allowed) -> std::optional<OverLimit> {
      if (needed <= allowed) return {};
      Candidate fewer = candidate;
      fewer.replicas = static_cast<int>(std::floor(replicas * allowed / needed));
      double rate = most_rate * fewer.replicas;
      if (what == OverLimit::What::power && rate > 0) rate = rate_within_power(fewer, rate);
      return OverLimit{what, needed, allowed, rate, rate > 0 ? fewer.replicas : 0};
    };
    std::optional<OverLimit> found;
    if (limit.power && prediction.power)
      found = over(OverLimit::What::power, prediction.power->value(), limit.power->value());
    if (!found && limit.price && prediction.price)
      found = over(OverLimit::What::price, prediction.price->value(), limit.price->value());
    if (!found && limit.chips)
      found = over(OverLimit::What::chips, candidate.chips(), *limit.chips);
    return found;
  }

  std::span<const Variant> variants_;
  std::span<const roofline::ChipRoof> roofs_;
  const roofline::EngineProfile& engine_;
  const Demand& demand_;
  Found found_;
};

}  // namespace

Found search(std::span<const Variant> variants, std::span<const roofline::ChipRoof> roofs,
             const roofline::EngineProfile& engine, const Demand& demand) {
  Found found = Search(variants, roofs, engine, demand).run();
  rank(found.answers);
  if (found.answers.empty()) found.unreachable = unreachable(demand.limit, found.refusals);
  return found;
}

}  // namespace assay::plan

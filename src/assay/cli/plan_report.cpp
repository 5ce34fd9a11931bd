// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/plan_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assay/format/format.hpp"

namespace assay::cli {

using format::dollars;

namespace {

// How far a refusal is from serving: over the limit by what factor.
double distance(const plan::Reason& reason) {
  if (const auto* big = std::get_if<plan::TooBig>(&reason))
    return 1 + big->missing_per_chip / big->weights_per_chip;
  return 1e300;
}

template <typename T>
const plan::Refusal* nearest(const PlanReport& report) {
  const plan::Refusal* best = nullptr;
  for (const plan::Refusal& refusal : report.found.refusals) {
    if (!std::holds_alternative<T>(refusal.reason)) continue;
    if (best == nullptr || distance(refusal.reason) < distance(best->reason)) best = &refusal;
  }
  return best;
}

const plan::Refusal* holding_most(const PlanReport& report) {
  const plan::Refusal* best = nullptr;
  double most = -1;
  for (const plan::Refusal& refusal : report.found.refusals)
    if (const auto* over = std::get_if<plan::OverLimit>(&refusal.reason);
        over != nullptr && over->rate_that_holds > most) {
      most = over->rate_that_holds;
      best = &refusal;
    }
  return best;
}

// Whether so much is missing as weights of 4 bits (4.25 with scales) would leave.
bool int4_would_fit(const PlanReport& report, const plan::Refusal& refusal) {
  const auto& big = std::get<plan::TooBig>(refusal.reason);
  const std::string precision = report.precision(refusal.candidate);
  const double width = precision == "bf16" || precision == "fp16"  ? 16
                       : precision == "fp8" || precision == "int8" ? 8
                                                                   : 4.25;
  return big.weights_per_chip * (1 - 4.25 / width) >= big.missing_per_chip;
}

std::string limit_text(const plan::OverLimit& reason) {
  switch (reason.what) {
    case plan::OverLimit::What::power: return watts_text(Watts(reason.allowed));
    case plan::OverLimit::What::price: return dollars(DollarsPerHour(reason.allowed));
    case plan::OverLimit::What::chips: return fmt::format("{:.0f} chips", reason.allowed);
  }
  return "?";
}

std::string_view limit_flag(plan::OverLimit::What what) {
  switch (what) {
    case plan::OverLimit::What::power: return "--max-power";
    case plan::OverLimit::What::price: return "--max-usd-hour";
    case plan::OverLimit::What::chips: return "--max-chips";
  }
  return "?";
}

}  // namespace

std::string candidate_text(const PlanReport& report, const plan::Candidate& candidate) {
  return fmt::format("{} x {} {} {}", candidate.chips(), report.chips[candidate.roof].id,
                     report.precision(candidate), layout_text(candidate.parallel));
}

std::string unreachable_text(const PlanReport& report, const plan::Unreachable& limit) {
  using What = plan::Unreachable::What;
  const auto figure = [&](double value) {
    switch (limit.what) {
      case What::ttft: return "TTFT " + duration_text(Seconds(value));
      case What::tpot: return "TPOT " + duration_text(Seconds(value));
      case What::power: return watts_text(Watts(value));
      case What::price: return dollars(DollarsPerHour(value));
      case What::chips: return fmt::format("{:.0f} chips", value);
    }
    return std::string("?");
  };
  const std::string best = figure(limit.best);
  const bool latency = limit.what == What::ttft || limit.what == What::tpot;
  return fmt::format("{} can't be reached: {} at best ({})", figure(limit.asked),
                     latency ? best.substr(5) : best, candidate_text(report, limit.by));
}

std::string_view limit_key(plan::Unreachable::What what) {
  using What = plan::Unreachable::What;
  switch (what) {
    case What::ttft: return "ttft";
    case What::tpot: return "tpot";
    case What::power: return "power_w";
    case What::price: return "usd_per_hour";
    case What::chips: return "chips";
  }
  return "?";
}

Error no_answer(const PlanReport& report) {
  const auto error = [](std::string message) {
    return Error{ErrorCode::not_supported, std::move(message)};
  };
  // The least hindrance first: money, power, latency, memory.
  if (const plan::Refusal* over = holding_most(report)) {
    const auto& reason = std::get<plan::OverLimit>(over->reason);
    plan::Candidate holding = over->candidate;
    holding.replicas = reason.replicas_that_hold;
    if (reason.rate_that_holds > 0 && report.demand.rate)
      return error(
          fmt::format("{:g} requests/s are beyond {}: the most that holds is {:.3g}/s, on "
                      "{}; lower --rate or raise {}",
                      *report.demand.rate, limit_text(reason), reason.rate_that_holds,
                      candidate_text(report, holding), limit_flag(reason.what)));
  }
  if (!report.found.unreachable.empty()) {
    std::string text;
    for (const plan::Unreachable& each : report.found.unreachable)
      text += unreachable_text(report, each) + "; ";
    return error(text + "raise the limit");
  }
  if (const plan::Refusal* big = nearest<plan::TooBig>(report))
    return error(
        fmt::format("{} fits on none of these chips: the nearest is {}, which {}; name "
                    "chips with more memory{}",
                    report.model, candidate_text(report, big->candidate), reason_text(*big),
                    int4_would_fit(report, *big) ? ", or --dtype int4" : ""));
  if (!report.found.refusals.empty())
    return error(fmt::format("nothing can be planned: {}", reason_text(report.found.refusals[0])));
  if (!report.left_out.empty())
    return error(fmt::format("nothing can be planned: {}", report.left_out.front().message));
  return error(
      "nothing can be planned: no chip of the catalog can be reckoned with; "
      "`assay catalog check` says what is missing");
}

}  // namespace assay::cli

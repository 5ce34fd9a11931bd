// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/plan_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <numeric>

namespace assay::cli {
namespace {

constexpr std::size_t kMostRows = 24;

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

Result<plan::Limit> limits(const PlanRequest& options) {
  plan::Limit limit;
  if (options.ttft.value() > 0) limit.ttft = options.ttft;
  if (options.tpot.value() > 0) limit.tpot = options.tpot;
  for (const plan::Statistic each :
       {plan::Statistic::mean, plan::Statistic::p50, plan::Statistic::p95, plan::Statistic::p99})
    if (plan::to_string(each) == options.at) limit.at = each;
  if (!options.max_power.empty()) {
    TRY_ASSIGN(limit.power, parse_power(options.max_power));
  }
  if (options.max_usd_hour) {
    if (!(*options.max_usd_hour > 0))
      return wrong(fmt::format("--max-usd-hour {:g} buys nothing; give an amount over 0",
                               *options.max_usd_hour));
    limit.price = DollarsPerHour(*options.max_usd_hour);
  }
  if (options.max_chips && *options.max_chips < 1)
    return wrong(fmt::format("--max-chips {} leaves none; give 1 or more", *options.max_chips));
  limit.chips = options.max_chips;
  return limit;
}

Result<plan::Demand> demand(const PlanRequest& options) {
  if (options.plan.common.price() && options.chips.size() != 1)
    return wrong("--price is what an hour of one chip costs; name that chip with --chips");
  if (options.rate) TRY(check_positive("--rate", *options.rate));
  if (options.rate && !(*options.rate > 0 && *options.rate <= 1e6))
    return wrong(
        fmt::format("a rate of {:g} requests a second is not reckoned with; give one over "
                    "0 and at most 1000000",
                    *options.rate));
  TRY_ASSIGN(const plan::Workload asked, workload(options.plan));
  TRY_ASSIGN(const plan::Limit limit, limits(options));
  return plan::Demand{asked, options.rate, limit};
}

// The model's own precision, narrower ones that chips multiply themselves, and 8-bit integers for
// chips of nothing else; or those asked for.
Result<std::vector<plan::Variant>> variants(const PlanRequest& options, const model::Model& model) {
  std::vector<plan::Variant> found;
  const bool chosen = !options.dtypes.empty();
  const std::vector<std::string> wanted =
      chosen ? options.dtypes : std::vector<std::string>{"", "fp8", "fp4", "int8"};
  for (const std::string& precision : wanted) {
    TRY_ASSIGN(plan::Variant each, variant(model, precision));
    const bool told = std::ranges::any_of(
        found, [&](const plan::Variant& other) { return other.precision == each.precision; });
    if (chosen && told) continue;
    each.last_resort = !chosen && precision == "int8";
    const bool same =
        !each.last_resort && !found.empty() &&
        found.front().model.quantization.bits_per_weight == each.model.quantization.bits_per_weight;
    if (!chosen && same) continue;
    each.native_only = !chosen && !precision.empty() && !each.last_resort;
    found.push_back(std::move(each));
  }
  return found;
}

void add_decode_share(PlanReport& report, const std::vector<plan::Variant>& tried,
                      const roofline::EngineProfile& engine) {
  const plan::Answer& best = report.found.answers[report.rows.front().answer];
  const auto replica = plan::Deployment::make(tried[best.candidate.variant].model,
                                              report.chips[best.candidate.roof].roof,
                                              best.candidate.parallel, engine, 1);
  if (replica && best.prediction.batch > 0)
    report.decode = replica->decode_share(report.demand.workload, best.prediction.batch);
}

}  // namespace

Result<PlanReport> plan_report(const PlanRequest& options) {
  PlanReport report;
  TRY_ASSIGN(const model::Model model, named_model(options.plan.model));
  TRY_ASSIGN(report.demand, demand(options));
  report.warning = context_warning(model, report.demand.workload);
  report.notes = reading_notes(model);
  TRY_ASSIGN(const PlanCatalog catalog, PlanCatalog::load(options.plan.common));
  TRY_ASSIGN(PlanChips chips, catalog.chips(options.chips));
  TRY_ASSIGN(const roofline::EngineProfile engine, catalog.engine(options.plan.engine));
  TRY_ASSIGN(const std::vector<plan::Variant> tried, variants(options, model));
  report.model = model.name;
  report.engine = engine.name;
  report.in = report.demand.workload.prompt.mean();
  report.out = report.demand.workload.output.mean();
  for (const std::string& asked : options.dtypes) {
    TRY_ASSIGN(const plan::Variant each, variant(model, asked));
    const std::string note = narrower_note(each, asked);
    if (!note.empty()) report.notes += (report.notes.empty() ? "" : " ") + note + ".";
  }
  for (const plan::Variant& each : tried) report.precisions.push_back(each.precision);
  report.chips = std::move(chips.chips);
  report.left_out = std::move(chips.left_out);
  std::vector<roofline::ChipRoof> roofs;
  roofs.reserve(report.chips.size());
  for (const PlannedChip& chip : report.chips) roofs.push_back(chip.roof);
  report.found = plan::search(tried, roofs, engine, report.demand);
  plan::verify(report.found, tried, roofs, engine, report.demand, kMostRows);
  std::vector<std::size_t> shown(report.found.answers.size());
  std::iota(shown.begin(), shown.end(), std::size_t{0});
  if (!options.all) shown = plan::worth_showing(report.found, kMostRows);
  for (const std::size_t row : shown) {
    const plan::Candidate& candidate = report.found.answers[row].candidate;
    report.rows.push_back(
        {row, plan::what_if(tried[candidate.variant].model, roofs[candidate.roof],
                            candidate.parallel, engine, [&](const plan::Deployment& replica) {
                              return plan::tokens_within(replica, report.demand);
                            })});
  }
  if (!report.rows.empty()) add_decode_share(report, tried, engine);
  return report;
}

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/fleet_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "assay/fleet/coverage.hpp"
#include "assay/solver/integer_program.hpp"

namespace assay::cli {

using fleet::Answer;
using fleet::By;
using fleet::Names;
using fleet::Window;

namespace {

// What is known of the samples' times, and whether rows must be told apart by device and target.
struct Seen {
  fleet::Coverage coverage;
  bool apart = false;
};

// Asks one after the other, and gathers what the server warns of.
class Questions {
 public:
  Questions(const FleetServer& server, double at, FleetReport& report)
      : server_(server), at_(at), report_(report) {}

  Result<Answer> ask(const std::string& query) const {
    if (query.empty()) return Answer();
    TRY_ASSIGN(Answer answer, server_.at(query, at_));
    report_.partial = report_.partial || answer.partial;
    for (const std::string& warning : answer.warnings)
      if (std::ranges::find(report_.warnings, warning) == report_.warnings.end())
        report_.warnings.push_back(warning);
    return answer;
  }

  // `back`: the window that ends so long ago; of what is past only losses are asked for.
  Result<Window> window(const FleetQuestion& question, Names names, const Seen& seen,
                        Seconds back) const {
    Window out;
    const auto hours = [&](const std::string& query) -> Result<Answer> {
      TRY_ASSIGN(const Answer samples, ask(query));
      return seen.coverage.hours(samples);
    };
    if (question.by == By::cause) {
      const fleet::CauseQueries causes =
          fleet::cause_queries(question.window, seen.coverage.longest(), back, seen.apart);
      TRY_ASSIGN(out.parts, hours(causes.hours));
      TRY_ASSIGN(out.price, ask(causes.lost_usd));
      TRY_ASSIGN(out.lost, ask(causes.lost_hours));
      return out;
    }
    const bool past = back > Seconds(0);
    const fleet::Queries asked =
        fleet::queries(question.by, names, question.window, back, seen.apart);
    TRY_ASSIGN(out.parts, hours(past ? asked.losses : asked.parts));
    if (!past) {
      TRY_ASSIGN(out.devices, ask(asked.devices));
      TRY_ASSIGN(out.price, ask(asked.price));
    }
    if (names == Names::assay) return out;
    const fleet::DcgmQueries dcgm =
        fleet::dcgm_queries(question.by, question.window, back, seen.apart);
    TRY_ASSIGN(out.busy, hours(dcgm.busy));
    if (out.busy.rows.empty()) {
      TRY_ASSIGN(out.busy, hours(dcgm.busy_sampled));
    }
    TRY_ASSIGN(out.sm_active, hours(dcgm.sm_active));
    return out;
  }

 private:
  const FleetServer& server_;
  double at_;
  FleetReport& report_;
};

Result<Seen> seen_of(const Questions& questions, const FleetServer& server, Names names,
                     Seconds window, double copies) {
  TRY_ASSIGN(const Answer counts, questions.ask(fleet::seen_queries(names, window).counts));
  Answer intervals;
  int asked = 0;
  for (const std::string& query : fleet::interval_queries(names, window)) {
    // A target that came lately is found by the second alone; what is gone needs none of its own.
    TRY_ASSIGN(Answer more, questions.ask(query));
    for (fleet::Row& row : more.rows) intervals.rows.push_back(std::move(row));
    if (++asked == 1 && intervals.rows.size() < counts.rows.size()) continue;
    const fleet::Coverage coverage(intervals, counts, window);
    if (coverage.longest() > Seconds(0)) return Seen{coverage, copies > 1 || !coverage.uniform()};
  }
  return Error{ErrorCode::nothing_to_measure,
               server.name() +
                   " has too few samples of any device to tell for how long they were "
                   "there; ask again after two scrapes, or with a shorter --window"};
}

Result<Names> names_seen(const Questions& questions, const FleetServer& server, Seconds window,
                         double& copies) {
  for (const Names names : {Names::assay, Names::dcgm}) {
    TRY_ASSIGN(const Answer seen, questions.ask(fleet::seen_queries(names, window).copies));
    copies = seen.only(0);
    if (!seen.rows.empty()) return names;
  }
  return Error{ErrorCode::nothing_to_measure,
               fmt::format("{} has no device in this window: neither assay_device_info (of assay "
                           "serve) nor DCGM_FI_DEV_GPU_UTIL (of dcgm-exporter); is it scraping "
                           "them (docs/fleet.md), or is --window too short?",
                           server.name())};
}

// What would end if devices that lose nearly everything were handed back or filled.
Status ask_what_if(const Questions& questions, const fleet::Prices& prices, FleetReport& report) {
  TRY_ASSIGN(const Answer devices,
             questions.ask(fleet::what_if_query(report.names, report.window)));
  for (const fleet::Row& row : devices.rows) {
    const std::string_view loss = exposition::label(row.labels, "loss");
    WhatIf found{std::string(loss.empty() ? "idle" : loss),
                 std::string(exposition::label(row.labels, fleet::chip_label(report.names))),
                 row.value,
                 {}};
    if (const auto price = prices.of("", found.chip)) found.usd_per_hour = *price * row.value;
    report.what_if.push_back(std::move(found));
  }
  std::ranges::stable_sort(report.what_if, std::greater<>(),
                           [](const WhatIf& each) { return each.usd_per_hour.value_or(0); });
  return {};
}

solver::IntegerProgram program_of(const fleet::Packing& packing) {
  solver::IntegerProgram program;
  for (const auto& pattern : packing.patterns) {
    solver::IntegerProgram::Column column{1, {}};
    for (const auto& [size, count] : pattern.sizes)
      column.rows.emplace_back(size, static_cast<double>(count));
    program.columns.push_back(std::move(column));
  }
  for (const auto& size : packing.sizes) program.at_least.push_back(size.count);
  return program;
}

constexpr double kSolveSeconds = 5;

Status place(const Questions& questions, const fleet::Prices& prices, FleetReport& report) {
  const fleet::LoadQueries asked = fleet::load_queries(report.names, report.window);
  fleet::LoadAnswers answers;
  TRY_ASSIGN(answers.present, questions.ask(asked.present));
  TRY_ASSIGN(answers.memory, questions.ask(asked.memory));
  TRY_ASSIGN(answers.capacity, questions.ask(asked.capacity));
  TRY_ASSIGN(answers.busy, questions.ask(asked.busy));
  const auto loads = fleet::loads(report.names, answers, report.devices_unknown);
  for (fleet::Packing& packing : fleet::packings(loads, {})) {
    Placement placement;
    placement.needed = placement.at_least = packing.alone;
    if (!packing.sizes.empty()) {
      const auto solved = solver::minimize(program_of(packing), kSolveSeconds);
      if (!solved) {
        report.no_placement = solved.error().message;
        return {};
      }
      placement.needed += static_cast<int>(std::lround(solved->objective));
      placement.at_least += static_cast<int>(std::ceil(solved->bound - 1e-6));
      placement.optimal = solved->optimal;
    }
    if (const auto price = prices.of("", packing.chip))
      placement.usd_per_hour_saved = *price * (packing.devices - placement.needed);
    placement.packing = std::move(packing);
    report.placements.push_back(std::move(placement));
  }
  if (report.placements.empty())
    report.no_placement =
        "memory, its size and busy time are known of no two devices of one chip that had a sample "
        "in "
        "the last five minutes";
  return {};
}

}  // namespace

Result<FleetReport> fleet_report(const FleetServer& server, const FleetQuestion& question,
                                 sample::WallTime now, const fleet::PriceOf& price_of) {
  FleetReport report;
  report.server = server.name();
  report.at = now;
  report.window = question.window;
  report.by = question.by;
  const double at = static_cast<double>(now.unix_ns) * 1e-9;
  const Questions questions(server, at, report);
  double copies = 0;
  TRY_ASSIGN(report.names, names_seen(questions, server, question.window, copies));
  if (question.by == By::cause && report.names == Names::dcgm)
    return Error{ErrorCode::not_supported,
                 "causes are told by assay's own metrics alone, and " + server.name() +
                     " has only DCGM's; run assay serve on the machines (docs/fleet.md)"};
  TRY_ASSIGN(const Seen seen, seen_of(questions, server, report.names, question.window, copies));
  report.seen = seen.coverage.longest();
  TRY_ASSIGN(const Window present, questions.window(question, report.names, seen, Seconds(0)));
  TRY_ASSIGN(const Window before, questions.window(question, report.names, seen, question.window));
  const Window* compared = before.parts.rows.empty() ? nullptr : &before;
  report.account = question.by == By::cause
                       ? fleet::account_of_causes(present, compared)
                       : fleet::account(question.by, report.names, present, compared, price_of);
  if (report.names == Names::assay) {
    const double span = question.window.value();
    TRY_ASSIGN(const fleet::Trace trend,
               server.over(fleet::trend_query(), at - 2 * span, at, std::max(span / 6, 1.0)));
    report.trend = trend.values;
  }
  Answer price = present.price;
  if (question.by == By::cause) {  // there it is what was lost
    const fleet::Queries asked =
        fleet::queries(By::chip, report.names, question.window, Seconds(0));
    TRY_ASSIGN(price, questions.ask(asked.price));
  }
  const fleet::Prices prices(question.by, report.names, price, price_of);
  TRY(ask_what_if(questions, prices, report));
  if (question.placement) TRY(place(questions, prices, report));
  return report;
}

}  // namespace assay::cli

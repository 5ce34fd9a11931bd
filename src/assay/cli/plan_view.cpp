// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "assay/cli/plan_report.hpp"
#include "assay/format/format.hpp"

namespace assay::cli {

using format::dollars;
using format::percent;
using format::wall_text;

namespace {

using plan::Answer;
using plan::Prediction;

constexpr int kWide = 128;  // from here on every column has room
constexpr int kWidest = 158;
constexpr int kMiddle = 110;
constexpr int kNormal = 79;

struct Column {
  std::string_view head;
  int width;       // negative: flush left
  int from_width;  // of the terminal
};
constexpr Column kColumns[] = {
    {"#", 3, 0},
    {"$/Mtok", 7, 0},
    {"90 % within", 13, kMiddle},
    {"chips", -20, 0},
    {"dtype", -5, 0},
    {"layout", -9, kNormal},
    {"TTFT", 8, 0},
    {"TPOT", 8, 0},
    {"tok/s", 8, kMiddle},
    {"power", 8, kWide},
    {"J/tok", 6, kWide},
    {"batch", 5, kWide},
    {"bound by", -10, kNormal},
    {"+10 % buys", -17, kWide},
};

std::string dot(const Style& style) { return style.unicode ? " · " : " | "; }

std::string cost_text(const Prediction& prediction) {
  if (!prediction.cost) return "-";
  const double cost = prediction.cost->output_all.value();
  return fmt::format("{:.{}f}", cost, cost < 99.995 ? 2 : 0);
}

std::string interval_text(const Prediction& prediction) {
  if (!prediction.cost) return "";
  const plan::Interval& interval = prediction.cost_interval;
  const int decimals = interval.hi < 9.995 ? 2 : interval.hi < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} to {:.{}f}", interval.lo, decimals, interval.hi, decimals);
}

// "bandwidth -8.2 %": the resource of which a tenth more changes the price most.
std::string best_buy(const plan::WhatIfs& changes) {
  const plan::WhatIf* best = nullptr;
  for (const plan::WhatIf& change : changes)
    if (change.cost_change && (best == nullptr || *change.cost_change < *best->cost_change))
      best = &change;
  if (best == nullptr || *best->cost_change > -0.002) return "nothing";
  return fmt::format("{} {:.1f} %", resource_word(best->resource), *best->cost_change * 100);
}

std::vector<std::string> cells(const PlanReport& report, const PlanReport::Row& row) {
  const Answer& answer = report.found.answers[row.answer];
  const Prediction& prediction = answer.prediction;
  const plan::Statistic at = report.demand.limit.at;
  return {
      fmt::format("{}", row.answer + 1),
      cost_text(prediction),
      interval_text(prediction),
      fmt::format("{:>3} x {}", answer.candidate.chips(), report.chips[answer.candidate.roof].id),
      report.precision(answer.candidate),
      layout_text(answer.candidate.parallel),
      (answer.simulated ? "" : "~") + duration_text(plan::pick(prediction.ttft, at)),
      prediction.tpot ? duration_text(plan::pick(*prediction.tpot, at)) : "-",
      fmt::format("{:.0f}", prediction.output_tokens_per_second),
      prediction.power ? watts_text(*prediction.power) : "-",
      prediction.per_token ? fmt::format("{:.2f}", prediction.per_token->value()) : "-",
      fmt::format("{:.0f}", prediction.batch),
      resource_word(prediction.bottleneck),
      best_buy(row.what_if)};
}

std::string line(const Style& style, const std::vector<std::string>& texts) {
  // What a wide terminal leaves goes to the names of chips, which are the longest.
  const int spare = style.width >= kWide ? 7 : style.width >= kMiddle ? 6 : 0;
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Column& column = kColumns[i];
    if (style.width < column.from_width) continue;
    int width = std::abs(column.width);
    if (column.head == "chips") width += spare;
    if (column.head == "layout" && style.width >= kWidest) width += 8;
    if (!out.empty()) out += " ";
    out += column.width < 0 ? fit_left(style, texts[i], width) : fit_right(texts[i], width);
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string demand_text(const Style& style, const PlanReport& report) {
  const std::string sep = dot(style);
  const plan::Limit& limit = report.demand.limit;
  std::string text = fmt::format("{:g} in, {:g} out", report.in, report.out);
  text += sep + (report.demand.rate ? fmt::format("{:g} requests/s", *report.demand.rate)
                                    : std::string("one replica, fully loaded"));
  const char* under = style.unicode ? "≤" : "<=";
  if (limit.ttft) text += fmt::format("{}TTFT {} {}", sep, under, duration_text(*limit.ttft));
  if (limit.tpot) text += fmt::format("{}TPOT {} {}", sep, under, duration_text(*limit.tpot));
  if (limit.ttft || limit.tpot) text += fmt::format(" ({})", plan::to_string(limit.at));
  if (limit.power) text += fmt::format("{}{} {}", sep, under, watts_text(*limit.power));
  if (limit.price) text += fmt::format("{}{} {}", sep, under, dollars(*limit.price));
  if (limit.chips) text += fmt::format("{}{} {} chips", sep, under, *limit.chips);
  return text + sep + report.engine;
}

// The largest part of the time, by the name of what it waits for.
std::string largest_part(const plan::TimeShare& time) {
  const std::pair<double, std::string_view> parts[] = {{time.weights + time.kv, "the memory wall"},
                                                       {time.compute, "arithmetic is most of it"},
                                                       {time.collective, "links are most of it"},
                                                       {time.overhead, "overhead is most of it"}};
  return std::string(std::ranges::max_element(parts)->second);
}

// What makes the best answer's time.
std::string wall_text(const Style& style, const PlanReport& report) {
  const PlanReport::Row& row = report.rows.front();
  const Answer& answer = report.found.answers[row.answer];
  const auto share = [](double value) { return percent(Ratio::fraction(value)); };
  std::string text;
  if (report.decode) {
    const double memory = report.decode->weights + report.decode->kv;
    text = fmt::format(
        "Between prompts, #{}'s iterations of {:.0f} sequences read memory {} of the "
        "time (weights {}, cache {}), compute {}, wait for links {} and stand in overhead {}: {}. ",
        row.answer + 1, answer.prediction.batch, share(memory), share(report.decode->weights),
        share(report.decode->kv), share(report.decode->compute), share(report.decode->collective),
        share(report.decode->overhead), largest_part(*report.decode));
  }
  const plan::TimeShare& time = answer.prediction.time_share;
  text += fmt::format("Prompts included, memory takes {}, arithmetic {}, links {}, overhead {}.",
                      share(time.weights + time.kv), share(time.compute), share(time.collective),
                      share(time.overhead));
  std::string changes;
  for (const plan::WhatIf& change : row.what_if)
    if (change.cost_change)
      changes += fmt::format("{} {} {:+.1f} %", changes.empty() ? "" : ",",
                             resource_word(change.resource), *change.cost_change * 100);
  if (!changes.empty())
    text +=
        fmt::format(" A tenth more of each resource changes the price of a token by:{}.", changes);
  return wrap(text, style.width, 2) + "\n\n";
}

// "2026-05-24 (a, b)": of the chips shown.
std::string prices_text(const Style& style, const PlanReport& report) {
  std::map<std::string, std::vector<std::string>> by_date;
  std::vector<std::string> unknown;
  for (const PlanReport::Row& row : report.rows) {
    const PlannedChip& chip = report.chips[report.found.answers[row.answer].candidate.roof];
    auto& list = !chip.roof.rental
                     ? unknown
                     : by_date[chip.price_date.empty() ? "your own" : chip.price_date];
    if (std::ranges::find(list, chip.id) == list.end()) list.push_back(chip.id);
  }
  std::string text;
  for (const auto& [date, ids] : by_date)
    text += fmt::format("{}{} ({})", text.empty() ? "Rental prices: " : "; ", date,
                        fmt::join(ids, ", "));
  if (!unknown.empty())
    text +=
        fmt::format("{}no price known ({})", text.empty() ? "" : "; ", fmt::join(unknown, ", "));
  return paint(style, Tone::faint, wrap(text + ".", style.width, 2)) + "\n";
}

std::string refusals_text(const Style& style, const PlanReport& report, Detail detail) {
  std::string out;
  std::map<std::string, const plan::Refusal*> shown;
  const auto chip_of = [&](const plan::Candidate& candidate) {
    return report.chips[candidate.roof].id;
  };
  const auto has_answer = [&](const std::string& id) {
    return std::ranges::any_of(report.found.answers, [&](const Answer& answer) {
      return chip_of(answer.candidate) == id;
    });
  };
  for (const plan::Refusal& refusal : report.found.refusals) {
    const std::string id = chip_of(refusal.candidate);
    if (detail != Detail::all) {
      // One line a chip that has no answer at all: its last try is the one with the most chips.
      if (!has_answer(id)) shown[id] = &refusal;
      continue;
    }
    out += wrap(fmt::format("{} x {} {} {}: {}", refusal.candidate.chips(), id,
                            report.precision(refusal.candidate),
                            layout_text(refusal.candidate.parallel), reason_text(refusal)),
                style.width, 2) +
           "\n";
  }
  for (const auto& [id, refusal] : shown)
    out += wrap(fmt::format("{} ({} {}): {}", id, report.precision(refusal->candidate),
                            layout_text(refusal->candidate.parallel), reason_text(*refusal)),
                style.width, 2) +
           "\n";
  for (const Error& chip : report.left_out) out += wrap(chip.message, style.width, 2) + "\n";
  return out.empty() ? out : paint(style, Tone::strong, "Not in the table") + "\n" + out;
}

std::string table(const Style& style, const PlanReport& report) {
  std::vector<std::string> heads;
  for (const Column& column : kColumns) heads.emplace_back(column.head);
  std::string out = paint(style, Tone::faint, line(style, heads)) + "\n";
  for (const PlanReport::Row& row : report.rows) {
    const bool frontier = report.found.answers[row.answer].on_frontier;
    const std::string text = line(style, cells(report, row));
    out +=
        (frontier ? paint(style, Tone::good, text) + (style.unicode ? " ●" : " *") : text) + "\n";
  }
  return out;
}

std::string legend(const Style& style, const PlanReport& report, Detail detail) {
  const std::size_t hidden = report.found.answers.size() - report.rows.size();
  std::string text = fmt::format(
      "{} on the frontier: nobody is both cheaper and faster. $/Mtok lays the whole price on "
      "output "
      "tokens.",
      style.unicode ? "●" : "*");
  const auto simulated = [&](const PlanReport::Row& row) {
    return report.found.answers[row.answer].simulated;
  };
  if (std::ranges::all_of(report.rows, simulated))
    text +=
        " TTFT and TPOT are of simulated requests, 4,000 to 20,000 a run; the rest is the closed "
        "form's.";
  else
    text +=
        " TTFT and TPOT are of simulated requests, 4,000 to 20,000 a run, but for ~: those rows "
        "are the closed form's and not verified; their queues may be longer.";
  const auto narrow = [&](const PlanReport::Row& row) {
    const std::string dtype = report.precision(report.found.answers[row.answer].candidate);
    return dtype == "fp4" || dtype == "int4";
  };
  if (std::ranges::any_of(report.rows, narrow))
    text += " Four-bit weights change a model's answers: check its quality, or pin --dtype.";
  if (hidden > 0)
    text += fmt::format(
        " {} more configurations serve it, each behind one of these of its chip "
        "(--all).",
        hidden);
  if (detail == Detail::answers && (!report.found.refusals.empty() || !report.left_out.empty()))
    text += " --why says what is not here and why.";
  return paint(style, Tone::faint, wrap(text, style.width, 2)) + "\n";
}

}  // namespace

std::string plan_view(const Style& style, const PlanReport& report, Detail detail) {
  std::string out = paint(style, Tone::strong, report.model) + "\n" +
                    paint(style, Tone::faint, wrap(demand_text(style, report), style.width, 2)) +
                    "\n\n";
  if (!report.rows.empty())
    out += table(style, report) + "\n" + wall_text(style, report) + legend(style, report, detail) +
           prices_text(style, report);
  if (detail != Detail::answers) out += "\n" + refusals_text(style, report, detail);
  return out;
}

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/cli/plan_inputs.hpp"
#include "assay/cli/style.hpp"
#include "assay/plan/search.hpp"
#include "assay/plan/what_if.hpp"

namespace assay::cli {

// What `assay plan` found, for people and for programs.
struct PlanReport {
  std::string model;
  std::string engine;
  double in = 0;  // mean tokens
  double out = 0;
  plan::Demand demand;
  std::string warning;                  // one sentence; empty: none
  std::string notes;                    // of reading the model's config.json; empty: none
  std::vector<std::string> precisions;  // by plan::Candidate::variant
  std::vector<PlannedChip> chips;       // by plan::Candidate::roof
  std::vector<Error> left_out;          // chips that the planner can't reckon with
  plan::Found found;
  [[nodiscard]] std::string precision(const plan::Candidate& candidate) const {
    return precision_on(chips[candidate.roof].roof, precisions[candidate.variant]);
  }
  // Of each answer that is shown: its place in found.answers, and what a tenth more would change.
  struct Row {
    std::size_t answer = 0;
    plan::WhatIfs what_if;
  };
  std::vector<Row> rows;
  // Of the first row: what an iteration that only decodes spends its time on.
  std::optional<plan::TimeShare> decode;
};

enum class Detail { answers, why, all };
std::string plan_view(const Style& style, const PlanReport& report, Detail detail);
std::string plan_json(const PlanReport& report);
// Cost against latency: every answer a point, the frontier a line. One SVG document.
std::string plan_svg(const PlanReport& report);

// Of a refusal, in one sentence without its end: "tp 4: TTFT is 1.2 s at best, over 500 ms".
std::string reason_text(const plan::Refusal& refusal);
// "TPOT 1.0 ms can't be reached: 6.3 ms at best (8 x b200-hgx fp4 tp8)"
std::string unreachable_text(const PlanReport& report, const plan::Unreachable& limit);
std::string_view limit_key(plan::Unreachable::What what);  // "ttft", "usd_per_hour", ... in JSON
// "8 x b200-hgx fp4 tp8"
std::string candidate_text(const PlanReport& report, const plan::Candidate& candidate);
// Why nothing serves the demand: what comes nearest, and what would.
Error no_answer(const PlanReport& report);

std::string resource_word(roofline::Resource resource);  // "bandwidth", for people
std::string resource_key(roofline::Resource resource);   // "dram", "tensor", "link", ... in JSON
std::string layout_text(const roofline::Parallel& parallel);  // "tp 4", "tp 2 dp 4 ep 8"
std::string duration_text(Seconds time);                      // "145 ms", "19.0 ms", "1.20 s"
std::string watts_text(Watts power);                          // "700 W", "10.2 kW"

}  // namespace assay::cli

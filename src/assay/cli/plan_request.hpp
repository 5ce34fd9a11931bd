// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/cli/plan_inputs.hpp"
#include "assay/cli/plan_report.hpp"

namespace assay::cli {

// What is asked of the planner, by `assay plan` or by the daemon's page.
struct PlanRequest {
  PlanOptions plan;
  std::vector<std::string> chips;   // only these; empty: the whole catalog
  std::vector<std::string> dtypes;  // empty: the model's own, and narrower ones that chips multiply
  std::optional<double> rate;       // requests a second
  Seconds ttft{};                   // 0: no limit
  Seconds tpot{};
  std::string at = "p95";
  std::string max_power;  // "10kW"; empty: no limit
  std::optional<double> max_usd_hour;
  std::optional<int> max_chips;
  bool all = false;  // a row for each configuration
};

// Searches: tenths of a second to seconds. invalid_argument names the flag; not_found, the model or
// chip.
Result<PlanReport> plan_report(const PlanRequest& request);

}  // namespace assay::cli

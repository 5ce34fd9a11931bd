// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/calibrate/score.hpp"

namespace assay::cli {

// How far predictions of measured runs are off, for people: a Markdown table, which is also what
// docs/evidence/planner.md holds.
std::string check_table(const calibrate::Report& report);
// Why rows were not predicted, or not from what they state, and what empty cells were taken for;
// one line a reason.
std::string refusals(const calibrate::Report& report);
// {"overall":{...},"groups":[...],"refused":[{"id":...,"why":...}],...}, docs/json.md.
std::string check_json(const calibrate::Report& report);
// One row of the input a line: id, measured and predicted figures with the interval.
std::string rows_csv(const calibrate::Report& report);

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/appraise/appraisal.hpp"
#include "truth/verdict.hpp"

namespace assay::test {

// A line of "assay.snapshot/1" (docs/json.md) must say what the appraisals say, to the digit: each
// reading, rung and process with its state; each part of the losses and its dollars, reckoned here
// anew from share and price; null and why, where a thing is not known.
void check_json(const std::string& line, const appraise::AppraisedSnapshot& snapshot,
                Verdict& verdict);

}  // namespace assay::test

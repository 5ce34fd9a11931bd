// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/appraise/appraisal.hpp"
#include "assay/wire/json.hpp"

namespace assay::wire {

// `decode` of docs/json.md: a measured decode loop beside the planner's roofline.
Json bridge_json(const appraise::DecodeComparison& comparison);

}  // namespace assay::wire

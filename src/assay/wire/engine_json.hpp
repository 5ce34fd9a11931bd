// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/appraise/appraisal.hpp"
#include "assay/wire/json.hpp"

namespace assay::wire {

// `engine` of docs/json.md: the snapshot's serving engine, which must be there.
Json engine_json(const appraise::AppraisedSnapshot& snapshot);

}  // namespace assay::wire

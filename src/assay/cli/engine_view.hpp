// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/appraise/appraisal.hpp"
#include "assay/cli/style.hpp"

namespace assay::cli {

// The snapshot's serving engine, which must be there: what it serves and how fast, and what a token
// costs; or the one sentence why that is not known.
std::string engine_view(const Style& style, const appraise::AppraisedSnapshot& snapshot);

}  // namespace assay::cli

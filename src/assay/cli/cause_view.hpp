// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "assay/causes/finding.hpp"
#include "assay/cli/style.hpp"

namespace assay::cli {

// Why: the findings, the first with what to try and its page. Empty where there is none.
std::string cause_view(const Style& style, std::span<const causes::Finding> findings);

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "assay/causes/finding.hpp"
#include "assay/wire/json.hpp"

namespace assay::wire {

// `findings` of docs/json.md.
Json findings_json(std::span<const causes::Finding> findings);

}  // namespace assay::wire

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/cli/style.hpp"
#include "assay/ladder/cost.hpp"
#include "assay/ladder/ladder.hpp"

namespace assay::cli {

// Where the capacity goes: one line a part with its share and its dollars an hour, the dearest
// loss marked, the sum below. Shares and the unattributed rest add up to 100 %.
std::string loss_view(const Style& style, const ladder::Losses& losses, const ladder::Cost& cost);

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/cli/top_sources.hpp"
#include "assay/tui/row.hpp"

namespace assay::cli {

// Shows the source on the terminal until somebody quits or a stop signal comes. `bell`: an eventfd
// that the source rings. Sleeps between windows and keys: nothing is drawn that did not change.
void top_loop(TopSource& source, const tui::Look& look, int bell);

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/tui/frame.hpp"

namespace assay::tui {

// Of the snapshot's engine, which must be there.
EngineFrame engine_frame(const appraise::AppraisedSnapshot& snapshot);

}  // namespace assay::tui

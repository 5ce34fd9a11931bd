// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/model/config_table.hpp"

namespace assay::model {

// Each makes a problem of a key that changes the arithmetic in a way not known here. The first goes
// by names and may come before all else; the second looks at what no reader has asked for, so it
// comes last.
void refuse_strange_structure(ConfigTable& config);
void refuse_unread_structure(ConfigTable& config);

}  // namespace assay::model

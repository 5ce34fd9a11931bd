// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/model/config_table.hpp"
#include "assay/model/family.hpp"

namespace assay::model {

// To be called when all else is read. A config whose model_type or `architectures` no table here
// knows is believed as far as its keys go: it must say how many heads hold keys, and must have no
// number of a structure that was not read (it is refused with their names). What is left is read by
// its keys, and a note says so.
void hold_unknown_architecture(ConfigTable& config, const Family& family,
                               std::vector<std::string>& notes);
// Why a config is refused, and its architecture or model_type where no table here knows it: what is
// missing may be called otherwise there.
std::string with_unknown_architecture(ConfigTable& config, std::string problem);

}  // namespace assay::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/calibrate/serving_row.hpp"

namespace assay::calibrate {

// Adds what the scripts of InferenceX set for such a run and its tables do not say: gathers,
// polls_every and, where the row does not say it itself, the type of the cache. The scripts belong
// to models, so the rules go by the model's name in the table. Sources: harness.cpp.
void set_by_script(ServingRow& row);

}  // namespace assay::calibrate

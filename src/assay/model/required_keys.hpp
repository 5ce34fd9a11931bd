// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/model/config_table.hpp"

namespace assay::model {

// Fails, naming all of them, where keys are missing whose lack would be read as another model: a
// config with some key of experts or of latent attention, or of a class known to have them, must
// have all that their arithmetic needs. Classes: model_type and architectures, by the configuration
// classes of Hugging Face transformers 4.57, whose own defaults are those of one size of model and
// so are not taken.
void refuse_missing_keys(ConfigTable& config);

}  // namespace assay::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/model/config_table.hpp"
#include "assay/model/family.hpp"
#include "assay/model/layer_shape.hpp"
#include "assay/model/model.hpp"

namespace assay::model {

// What a layer of this kind mixes tokens with. mixed: the model has other kinds of attention too
// (then some keys speak of the full or of the windowed layers alone). Problems go to the table.
Mixer read_mixer(ConfigTable& config, const Family& family, MixerKind kind, bool mixed, int hidden);

}  // namespace assay::model

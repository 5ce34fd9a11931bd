// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/model/config_table.hpp"
#include "assay/model/family.hpp"
#include "assay/model/layer_shape.hpp"
#include "assay/model/model.hpp"

namespace assay::model {

// What the feed-forwards of a model have in common.
struct FeedForwards {
  FeedForward dense;               // of layers without experts
  FeedForward shared;              // beside the routed experts
  std::optional<Experts> experts;  // nothing: no layer has any
};

// How many experts there are to route to; 0: none.
int read_expert_count(ConfigTable& config);

// dense_layers, sparse_layers: whether there are any; sizes of what there is not are not asked for.
FeedForwards read_feed_forwards(ConfigTable& config, const Family& family, int hidden,
                                bool dense_layers, bool sparse_layers);

}  // namespace assay::model

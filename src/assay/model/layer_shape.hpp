// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <vector>

#include "assay/model/config_table.hpp"
#include "assay/model/family.hpp"

// Which kind of mixer and of feed-forward each layer of a config has.
namespace assay::model {

// lightning: linear attention with as many heads as softmax attention (MiniMax-01).
enum class MixerKind { full, sliding, chunked, delta, lightning, mamba };
enum class FeedForwardKind { none, dense, sparse };

struct LayerShape {
  MixerKind mixer = MixerKind::full;
  FeedForwardKind feed_forward = FeedForwardKind::dense;
  auto operator<=>(const LayerShape&) const = default;
};

// sparse: whether the model has routed experts at all. What the config says in a way not known here
// becomes the table's problem; the result is then of no use.
std::vector<LayerShape> read_layer_shapes(ConfigTable& config, const Family& family, int layers,
                                          bool sparse);

// The parts of it, each a file: one entry a layer.
std::vector<MixerKind> read_mixer_kinds(ConfigTable& config, const Family& family, int layers);
std::vector<bool> read_sparse_layers(ConfigTable& config, int layers);

}  // namespace assay::model

// SPDX-License-Identifier: Apache-2.0
#include "assay/model/layer_shape.hpp"

#include <fmt/format.h>

#include <string>

namespace assay::model {
namespace {

// Nemotron-H writes each block as a letter: M Mamba-2, * attention, - feed-forward, E experts. A
// feed-forward belongs to the mixer before it.
std::vector<LayerShape> from_letters(ConfigTable& config, const std::string& letters, int layers) {
  std::vector<LayerShape> out;
  if (letters.size() != static_cast<std::size_t>(layers)) {
    config.fail(fmt::format("hybrid_override_pattern has {} letters for {} layers", letters.size(),
                            layers));
    return {};
  }
  for (const char letter : letters) {
    if (letter == 'M' || letter == '*') {
      out.push_back({letter == 'M' ? MixerKind::mamba : MixerKind::full, FeedForwardKind::none});
    } else if (letter != '-' && letter != 'E') {
      config.fail(
          "hybrid_override_pattern has a letter other than M, *, - and E, which is not known "
          "here");
      return {};
    } else if (out.empty() || out.back().feed_forward != FeedForwardKind::none) {
      config.fail(
          "hybrid_override_pattern has a feed-forward with no mixer before it, which is not "
          "known here");
      return {};
    } else {
      out.back().feed_forward = letter == 'E' ? FeedForwardKind::sparse : FeedForwardKind::dense;
    }
  }
  return out;
}

}  // namespace

std::vector<LayerShape> read_layer_shapes(ConfigTable& config, const Family& family, int layers,
                                          bool sparse) {
  if (const auto letters = config.text({"hybrid_override_pattern"})) {
    return from_letters(config, *letters, layers);
  }
  const std::vector<MixerKind> mixers = read_mixer_kinds(config, family, layers);
  if (!config.ok()) return {};
  std::vector<bool> flags(static_cast<std::size_t>(layers), false);
  if (sparse) flags = read_sparse_layers(config, layers);
  if (!config.ok()) return {};
  // A pure Mamba-2 model has no feed-forward at all.
  const bool none = config.text({"model_type"}) == "mamba2";
  std::vector<LayerShape> out;
  for (std::size_t i = 0; i < mixers.size(); ++i) {
    out.push_back({mixers[i], none       ? FeedForwardKind::none
                              : flags[i] ? FeedForwardKind::sparse
                                         : FeedForwardKind::dense});
  }
  return out;
}

}  // namespace assay::model

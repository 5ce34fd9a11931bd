// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/catalog/chip.hpp"
#include "assay/model/model.hpp"
#include "assay/units/units.hpp"

namespace assay::cli {

// What the planner says of a model on the fewest chips that serve it (planned.hpp).
struct Planned {
  std::string configuration;  // "2 x, vLLM, 32 at once, 1024 in, 256 out"
  int chips = 1;
  Seconds ttft;
  Seconds tpot;
  double tokens_per_second = 0;  // of output, of the whole configuration
  std::optional<double> usd_per_mtok;
  std::optional<Joules> per_token;
  std::string bottleneck;
  std::string provenance;  // calibrated, transferred or datasheet
};

// A model on one chip. What follows from capacity, bandwidth and peaks alone is a bound that no
// engine can beat; `planned` is what to expect.
struct ModelOnChip {
  Bytes weights;
  Bytes kv_per_token;
  // Chips whose memory (all tiers, what software sees of them) holds the weights; nothing where the
  // chip's capacity is unknown.
  std::optional<int> chips_needed;
  std::optional<double> kv_room_tokens;  // on one chip; nothing where the weights do not fit
  // One sequence, every active weight read once a token from the fastest tiers that hold it.
  std::optional<double> decode_tokens_per_second;
  // Two operations a weight and token, at the dense peak of the dtype the products run in.
  std::optional<double> prefill_tokens_per_second;
  std::optional<Planned> planned;
  std::string why_not_planned;  // a sentence, where the planner was asked and could not say
};

ModelOnChip model_on_chip(const model::Model& model, const catalog::Chip& chip);

struct ModelRow {
  std::string name;
  std::vector<ModelOnChip> on;  // one a chip, in the order of the comparison
};

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/roofline/step_model.hpp"

// Models and chips for tests, with round figures.
namespace assay::roofline {

// Llama-3.1-8B's dimensions.
inline model::Model dense_model() {
  model::Model model;
  model.name = "dense";
  model.hidden = 4096;
  model.vocab = 128256;
  model::Layer layer{
      .mixer =
          model::GroupedAttention{.heads = 32, .kv_heads = 8, .key_dim = 128, .value_dim = 128},
      .dense = {.intermediate = 14336}};
  model.layers.push_back({layer, 32});
  return model;
}

// 64 experts, 4 of them a token.
inline model::Model expert_model() {
  model::Model model = dense_model();
  model.layers.front().layer.dense = {};
  model.layers.front().layer.experts = model::Experts{64, 4, {.intermediate = 1024}};
  return model;
}

// 1 PFLOP/s of bf16, twice that of fp8, 2 TB/s of 100 GB, links of 400 GB/s among 8, a network of
// 50 GB/s; reaches all of it.
inline ChipRoof round_chip() {
  ChipRoof roof;
  roof.chip = "round";
  roof.tiers = {{Bytes(100e9), BytesPerSecond(2e12)}};
  roof.peak[static_cast<std::size_t>(Dtype::bf16)] = FlopsPerSecond(1e15);
  roof.peak[static_cast<std::size_t>(Dtype::fp8)] = FlopsPerSecond(2e15);
  roof.link = BytesPerSecond(400e9);
  roof.network = BytesPerSecond(50e9);
  roof.tdp = Watts(500);
  roof.curves.bandwidth_fraction = 1;
  roof.curves.compute_fraction_16 = 1;
  roof.curves.tile_rows = 0;
  return roof;
}

inline EngineProfile bare_engine() {
  EngineProfile engine;
  engine.name = "bare";
  engine.measured = true;
  engine.overheads.step_us = 0;
  engine.overheads.sequence_us = 0;
  engine.overheads.launch_us = 0;
  engine.overheads.prompt_us = 0;
  return engine;
}

inline StepModel step_model(const model::Model& model, Parallel parallel = {},
                            const EngineProfile& engine = bare_engine()) {
  return StepModel::make(model, round_chip(), parallel, engine).value();
}

}  // namespace assay::roofline

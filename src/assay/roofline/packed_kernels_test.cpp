// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assay/roofline/operators.hpp"
#include "assay/roofline/speed_of_light.hpp"
#include "assay/roofline/toy_model_test.hpp"

namespace assay::roofline {
namespace {

model::Model packed(model::Model model) {
  model.quantization.weights = Dtype::int4;
  model.quantization.bits_per_weight = 4.5;
  return model;
}

// Rows of up to `vector_rows` cost their own arithmetic alone; one more pays for the tiles.
TEST(PackedKernels, FewRowsArePaddedToNoTiles) {
  const MatrixOp dense{.count = 1, .flop_s = 1, .tile_rows = 20, .vector_rows = 8};
  EXPECT_DOUBLE_EQ(dense.at(1).compute, 1);
  EXPECT_DOUBLE_EQ(dense.at(8).compute, 8);
  EXPECT_DOUBLE_EQ(dense.at(9).compute, 29);
  ExpertOp experts{.count = 1, .experts = 8, .miss_log = -0.3, .pairs = 2, .flop_s = 1};
  experts.tile_rows = 20;
  EXPECT_GT(experts.at(1).compute, 30);
  experts.vector_rows = 8;
  EXPECT_DOUBLE_EQ(experts.at(1).compute, 2);
  EXPECT_GT(experts.at(9).compute, 18 + 100);
}

TEST(PackedKernels, PromptsOfPackedWeightsAreBoundToAnSmsClocks) {
  ChipRoof roof = round_chip();
  roof.sm_clocks = 100 * 1e9;
  roof.peak[static_cast<std::size_t>(Dtype::int8)] = FlopsPerSecond(2e15);
  EngineProfile engine = bare_engine();
  const auto compute = [&](const model::Model& model) {
    return operators(model, roof, {}, engine).value().dense.front().flop_s;
  };
  const double wide = compute(dense_model());
  const double before = compute(packed(dense_model()));
  engine.packed.ops_per_clock = 100;
  EXPECT_DOUBLE_EQ(compute(dense_model()), wide);  // nothing is packed
  const double slow = compute(packed(dense_model()));
  EXPECT_GT(slow, before);
  const StepShape prompt{.prefill_tokens = 4096, .prefill_sequences = 1};
  const auto light = speed_of_light(packed(dense_model()), roof, {}, engine).value();
  EXPECT_LT(light.step(prompt).total().value(), 4096 * 7.6e9 * 2 / 1e15);  // faster than 16 bits
  engine.packed.ops_per_clock = 200;
  EXPECT_DOUBLE_EQ(compute(packed(dense_model())), slow / 2);
  roof.peak[static_cast<std::size_t>(Dtype::int8)] = FlopsPerSecond(0);
  EXPECT_DOUBLE_EQ(compute(packed(dense_model())), before);  // it multiplies no int8
}

TEST(PackedKernels, FilesPackWhatAFourBitCheckpointLeaves) {
  EngineProfile engine = bare_engine();
  engine.packed.rest_bits = 8.5;
  model::Model mixed = packed(dense_model());
  EXPECT_EQ(model::weight_bytes(as_served(mixed, engine)), model::weight_bytes(mixed));
  mixed.quantization.attention = false;
  EXPECT_LT(model::weight_bytes(as_served(mixed, engine)), 0.9 * model::weight_bytes(mixed));
  EXPECT_EQ(model::weight_bytes(as_served(dense_model(), engine)),
            model::weight_bytes(dense_model()));
}

TEST(Provenance, ACalibratedChipIsNotAllThatMustBeMeasured) {
  ChipRoof roof = round_chip();
  roof.provenance = Provenance::calibrated;
  roof.spreads.tpot.hi = 1.1;
  roof.transferred_spreads.tpot.hi = 1.5;
  EngineProfile engine = bare_engine();
  engine.measured = true;
  const auto made = [&](const model::Model& model) {
    return StepModel::make(model, roof, {}, engine).value();
  };
  EXPECT_EQ(made(dense_model()).provenance(), Provenance::calibrated);
  EXPECT_EQ(made(dense_model()).spreads().tpot.hi, 1.1);
  model::Model latent = dense_model();
  latent.layers.front().layer.mixer = model::LatentAttention{
      .heads = 32, .kv_rank = 512, .nope_dim = 128, .rope_dim = 64, .value_dim = 128};
  EXPECT_EQ(made(latent).provenance(), Provenance::transferred);
  EXPECT_EQ(made(latent).spreads().tpot.hi, 1.5);
  engine.measured = false;
  EXPECT_EQ(made(dense_model()).provenance(), Provenance::transferred);
  roof.provenance = Provenance::datasheet;
  EXPECT_EQ(made(dense_model()).provenance(), Provenance::datasheet);
}

}  // namespace
}  // namespace assay::roofline

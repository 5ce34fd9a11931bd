// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/placement.hpp"

#include <gtest/gtest.h>

#include "assay/model/precision.hpp"
#include "assay/roofline/toy_model_test.hpp"

namespace assay::roofline {
namespace {

// 2 GB of 100 TB/s over 98 GB of 1 TB/s, every byte of it to be had.
ChipRoof two_tiers() {
  ChipRoof roof = round_chip();
  roof.tiers = {{Bytes(2e9), BytesPerSecond(100e12), "SRAM"},
                {Bytes(98e9), BytesPerSecond(1e12), "LPDDR5X"}};
  return roof;
}

Scheduling all_of_it() {
  Scheduling scheduling;
  scheduling.memory_fraction = 1;
  scheduling.reserved_bytes = 0;
  return scheduling;
}

TEST(Placement, WeightsFillTheFastestTierFirst) {
  const Placement small(two_tiers(), all_of_it(), Bytes(1e9));
  EXPECT_NEAR(small.weights_bandwidth().value(), 100e12, 1e6);
  const Placement large(two_tiers(), all_of_it(), Bytes(4e9));
  EXPECT_NEAR(large.weights_bandwidth().value(), 4e9 / (2e9 / 100e12 + 2e9 / 1e12), 1e6);
  EXPECT_EQ(large.tiers()[0].weights, Bytes(2e9));
  EXPECT_EQ(large.tiers()[0].room, Bytes(0));
  EXPECT_EQ(large.room(), Bytes(96e9));
}

TEST(Placement, CacheTakesWhatTheWeightsLeaveAndSpills) {
  const Placement placed(two_tiers(), all_of_it(), Bytes(1.5e9));
  EXPECT_EQ(placed.cache_bandwidth().value(), 100e12);
  EXPECT_NEAR(placed.cache_slowdown(0.5e9), 1, 1e-12);
  const double mixed = (0.5e9 / 100e12 + 0.5e9 / 1e12) / (1e9 / 100e12);
  EXPECT_NEAR(placed.cache_slowdown(1e9), mixed, 1e-9);
  EXPECT_EQ(placed.cache_in(Bytes(1e9)), (std::vector{Bytes(0.5e9), Bytes(0.5e9)}));
  // Weights that fill the fast tier leave the slow one's rate, which is then no slower than itself.
  const Placement full(two_tiers(), all_of_it(), Bytes(4e9));
  EXPECT_EQ(full.cache_bandwidth().value(), 1e12);
  EXPECT_NEAR(full.cache_slowdown(10e9), 1, 1e-12);
}

TEST(Placement, WhatDoesNotFitIsMissingInTheLast) {
  const Placement placed(two_tiers(), all_of_it(), Bytes(150e9));
  EXPECT_EQ(placed.room(), Bytes(-50e9));
  EXPECT_EQ(placed.tiers()[1].room, Bytes(-50e9));
}

TEST(StepModel, CacheThatSpillsSlowsDecoding) {
  EngineProfile engine = bare_engine();
  engine.scheduling = all_of_it();
  ChipRoof roof = two_tiers();
  roof.tiers[0].capacity = Bytes(20e9);  // the weights take 16 of them
  const auto kv = [&](double sequences) {
    const StepModel model = StepModel::make(dense_model(), roof, {}, engine).value();
    return model.step({.decode_sequences = sequences, .decode_context = 4096}).kv.value();
  };
  const double token = 131072;  // bytes of cache
  const double each = 4096 * token / (100e12 * ChipCurves{}.attention_bandwidth_fraction);
  EXPECT_NEAR(kv(4), 4 * each, 0.2 * each);
  EXPECT_GT(kv(16), 30 * 16 * each);  // three quarters of it at a hundredth of the rate
}

// A100: weights of fp8 are read at a byte each, multiplied at the 16-bit peak, and no activation is
// quantized.
TEST(StepModel, WeightsOfATypeThatAChipLacksAreWidened) {
  ChipRoof roof = round_chip();
  roof.peak[static_cast<std::size_t>(Dtype::fp8)] = FlopsPerSecond(0);
  roof.peak[static_cast<std::size_t>(Dtype::int8)] = FlopsPerSecond(2e15);
  EngineProfile engine = bare_engine();
  engine.overheads.narrow_kernels = 20;
  const auto made = [&](const model::Model& model) {
    return StepModel::make(model, roof, {}, engine).value();
  };
  const StepModel wide = made(dense_model());
  const StepModel packed = made(model::with_precision(dense_model(), "fp8").value());
  for (const double batch : {1.0, 32.0, 256.0, 1024.0}) {
    const StepShape shape{.decode_sequences = batch, .decode_context = 16};
    EXPECT_LT(packed.step(shape).total(), wide.step(shape).total()) << batch;
  }
  const StepShape one{.decode_sequences = 1, .decode_context = 16};
  EXPECT_LT(packed.step(one).weights / wide.step(one).weights, 0.6);
  const StepShape prompt{.prefill_tokens = 16384, .prefill_sequences = 1};
  EXPECT_NEAR(packed.step(prompt).compute / wide.step(prompt).compute, 1, 0.02);
}

TEST(StepModel, NothingAcrossHostsIsCalibrated) {
  ChipRoof roof = round_chip();
  roof.provenance = Provenance::calibrated;
  roof.network = BytesPerSecond(50e9);
  roof.transferred_spreads.tpot.hi = 9;
  const auto made = [&](Parallel parallel) {
    return StepModel::make(dense_model(), roof, parallel, bare_engine()).value();
  };
  EXPECT_EQ(made({.tensor = 8}).provenance(), Provenance::calibrated);
  for (const Parallel wide : {Parallel{.tensor = 16}, Parallel{.tensor = 8, .pipeline = 2}}) {
    EXPECT_EQ(made(wide).provenance(), Provenance::transferred);
    EXPECT_EQ(made(wide).spreads().tpot.hi, 9);
  }
  const StepShape one{.decode_sequences = 1, .decode_context = 1};
  EXPECT_GT(made({.tensor = 16}).step(one).collective.value(), 64 * 19.5e-6);
  roof.network.reset();
  EXPECT_FALSE(StepModel::make(dense_model(), roof, {.tensor = 16}, bare_engine()));
}

}  // namespace
}  // namespace assay::roofline

// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/step_model.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "assay/roofline/toy_model_test.hpp"

namespace assay::roofline {
namespace {

const StepShape kOne{.decode_sequences = 1, .decode_context = 512};

TEST(StepModel, OneSequenceReadsTheWeightsOnce) {
  const model::Model model = dense_model();
  const double all = model::weight_bytes(model) - 2.0 * model.vocab * model.hidden;  // no table
  const StepTime time = step_model(model).step(kOne);
  EXPECT_NEAR(time.weights.value(), all / 2e12, 0.01 * all / 2e12);
  EXPECT_EQ(time.bottleneck(), Resource::dram);
}

TEST(StepModel, CacheCostsItsBytes) {
  const StepModel model = step_model(dense_model());
  const double fraction = round_chip().curves.attention_bandwidth_fraction;
  const StepTime time = model.step({.decode_sequences = 64, .decode_context = 4096});
  EXPECT_NEAR(time.kv.value(), 64 * 4096 * 131072.0 / (2e12 * fraction), 1e-4);
}

TEST(StepModel, LongPromptIsBoundByArithmetic) {
  const StepTime time =
      step_model(dense_model()).step({.prefill_tokens = 8192, .prefill_sequences = 1});
  const double least = 2 * 7.5e9 * 8192 / 1e15;  // without attention
  EXPECT_EQ(time.bottleneck(), Resource::compute);
  EXPECT_GT(time.compute.value(), 0.9 * least);
}

TEST(StepModel, TensorParallelSharesWeightsAndAddsCollectives) {
  const StepTime one = step_model(dense_model()).step(kOne);
  const StepTime four = step_model(dense_model(), {.tensor = 4}).step(kOne);
  EXPECT_NEAR(four.weights / one.weights, 0.25, 0.02);
  EXPECT_EQ(one.collective, Seconds());
  EXPECT_GT(four.collective, Seconds());
}

TEST(StepModel, FewTokensTouchFewExperts) {
  const StepModel model = step_model(expert_model());
  const double one = model.step({.decode_sequences = 1, .decode_context = 1}).weights.value();
  const double many = model.step({.decode_sequences = 512, .decode_context = 1}).weights.value();
  const double expert = 3.0 * 1024 * 4096 * 2 * 32;  // of all layers, bytes
  const double reading = expert / (2e12 * round_chip().curves.expert_bandwidth_fraction);
  EXPECT_NEAR(many - one, 60 * reading, 0.15 * 60 * reading);  // 64 touched, not 4
}

TEST(StepModel, WindowCapsTheCache) {
  model::Model model = dense_model();
  std::get<model::GroupedAttention>(model.layers.front().layer.mixer).window = 1024;
  const StepModel windowed = step_model(model);
  const auto at = [&](double context) {
    return windowed.step({.decode_sequences = 8, .decode_context = context}).kv;
  };
  EXPECT_EQ(at(2048), at(8192));
  EXPECT_LT(at(512), at(2048));
}

TEST(StepModel, MemoryHoldsWeightsAndTheRestIsCache) {
  const model::Model model = dense_model();
  const StepModel one = step_model(model);
  EXPECT_NEAR(one.memory().weights_per_chip.value(), model::weight_bytes(model), 1e8);
  const double room = 100e9 * 0.9 - 3e9 - model::weight_bytes(model);
  EXPECT_NEAR(one.memory().kv_tokens, room / 131072, 0.01 * room / 131072);
  const StepModel two = step_model(model, {.tensor = 2});
  EXPECT_GT(two.memory().kv_tokens, 2 * one.memory().kv_tokens);
}

TEST(StepModel, EngineKeepsAnEightBitCacheBesideEightBitWeights) {
  model::Model model = dense_model();
  model.quantization.weights = model.quantization.activations = Dtype::fp8;
  model.quantization.bits_per_weight = 8;
  EngineProfile engine = bare_engine();
  const double before = step_model(model, {}, engine).memory().kv_tokens;
  engine.cache_follows_weights = true;
  EXPECT_NEAR(step_model(model, {}, engine).memory().kv_tokens, 2 * before, 1);
}

TEST(StepModel, RefusesWhatCanNotBeCut) {
  const auto uneven =
      StepModel::make(expert_model(), round_chip(), {.tensor = 6, .expert = 3}, bare_engine());
  ASSERT_FALSE(uneven);
  EXPECT_EQ(uneven.error().code, ErrorCode::invalid_argument);
  ChipRoof alone = round_chip();
  alone.link.reset();
  EXPECT_EQ(StepModel::make(dense_model(), alone, {.tensor = 2}, bare_engine()).error().code,
            ErrorCode::not_supported);
}

TEST(StepModel, PromptsTakeAtLeastTheirLaunches) {
  EngineProfile engine = bare_engine();
  const StepShape prompt{.prefill_tokens = 16, .prefill_sequences = 1};
  const Seconds captured = step_model(dense_model(), {}, engine).step(prompt).total();
  engine.overheads.launch_us = 100;
  const StepModel eager = step_model(dense_model(), {}, engine);
  const double launches = 100e-6 * 32 * engine.overheads.kernels_per_layer;
  EXPECT_GT(launches, captured.value());
  EXPECT_NEAR(eager.step(prompt).total().value(), launches, 0.02 * launches);
  // Hidden behind a prompt that keeps the device busy for longer, and absent without a prompt.
  const StepShape large{.prefill_tokens = 65536, .prefill_sequences = 1};
  const StepModel graph = step_model(dense_model());
  EXPECT_NEAR(eager.step(large).total() / graph.step(large).total(), 1, 0.001);
  EXPECT_EQ(eager.step(kOne).total(), graph.step(kOne).total());
}

TEST(StepModel, FewTokensAreReducedInOneStepByEnginesThatDo) {
  EngineProfile engine = bare_engine();
  engine.one_shot_tokens = 8;
  const ChipRoof roof = round_chip();
  const auto links = [&](double sequences) {
    const StepShape shape{.decode_sequences = sequences, .decode_context = 1};
    return step_model(dense_model(), {.tensor = 8}, engine).step(shape).collective.value();
  };
  const double token = 4096 * 2;
  EXPECT_NEAR(links(8), 64 * one_shot_seconds(roof.curves, 400e9, 8, 8 * token), 1e-12);
  EXPECT_NEAR(links(9), 64 * all_reduce_seconds(roof.curves, 400e9, 8, 9 * token), 1e-12);
}

TEST(StepModel, RoutersThatChooseAlikeTouchFewerExperts) {
  EngineProfile engine = bare_engine();
  const StepShape shape{.decode_sequences = 16, .decode_context = 1};
  const Seconds even = step_model(expert_model(), {}, engine).step(shape).weights;
  engine.overheads.router_evenness = 0.5;
  EXPECT_LT(step_model(expert_model(), {}, engine).step(shape).weights, even);
}

TEST(StepModel, EnergyIsPowerTimesTimeAndAtLeastStanding) {
  const StepModel model = step_model(dense_model());
  const StepTime time = model.step(kOne);
  const StepEnergy energy = model.energy(kOne, time);
  EXPECT_NEAR(energy.standing.value(), 500 * time.total().value() * round_chip().curves.idle_power,
              1e-9);
  EXPECT_GT(energy.moving_data, energy.arithmetic);
  EXPECT_LE((energy.total() / time.total()).value(), 500 * (1 + 1e-12));  // its TDP
}

RC_GTEST_PROP(StepModelProperty, MoreWorkNeverTakesLessTime, ()) {
  static const StepModel kModel = step_model(expert_model(), {.tensor = 2});
  const auto number = [](int most) { return static_cast<double>(*rc::gen::inRange(0, most)); };
  const StepShape less{number(512), number(8192), number(4096), number(4096), 1 + number(8)};
  StepShape more = less;
  more.decode_sequences += number(64);
  more.decode_context += number(512);
  more.prefill_tokens += number(512);
  RC_ASSERT(kModel.step(more).total().value() >= kModel.step(less).total().value() * (1 - 1e-12));
}

// What a chip reads at least, by the bandwidth of the datasheet: its share of the weights that
// every token needs and of the cache of a whole sequence.
RC_GTEST_PROP(StepModelProperty, NoStepIsFasterThanItsReading, ()) {
  const auto power = [] { return 1 << *rc::gen::inRange(0, 4); };
  const bool routed = *rc::gen::arbitrary<bool>();
  const Parallel cut{.tensor = power(), .pipeline = power(), .data = power()};
  Parallel spread = cut;
  if (routed && *rc::gen::arbitrary<bool>()) spread.expert = cut.tensor * cut.data;
  const model::Model model = routed ? expert_model() : dense_model();
  const double n = *rc::gen::inRange(1, 65);
  const double context = *rc::gen::inRange(1, 130000);
  const double expert = routed ? 3.0 * 1024 * 4096 * 2 * 32 : 0;  // of all layers, bytes
  const double table = 2.0 * model.vocab * model.hidden;
  const double shared = (model::weight_bytes(model) - table - 64 * expert) / cut.tensor;
  const double chosen = 4 * expert / (cut.tensor * cut.data);
  const double each = std::max(1.0, n / (cut.pipeline * cut.data));
  const double cache = each * context * model::kv_bytes_per_token(model) / cut.tensor;
  const StepShape shape{.decode_sequences = n, .decode_context = context};
  const double seconds = step_model(model, spread).step(shape).total().value();
  RC_ASSERT(seconds >= (shared + chosen + cache) / 2e12 * (1 - 1e-3));
}

TEST(StepModel, StagesDoNotHastenASequenceAlone) {
  for (const model::Model& model : {dense_model(), expert_model()}) {
    const StepShape alone{.decode_sequences = 1, .decode_context = 120000};
    const StepTime one = step_model(model).step(alone);
    for (const int stages : {2, 4, 8}) {
      const StepTime time = step_model(model, {.pipeline = stages}).step(alone);
      EXPECT_GE(time.total(), one.total());
      EXPECT_EQ(time.kv, one.kv);
    }
  }
}

TEST(StepModel, ChipsOfLittleMemoryHaveLimitsOfTheirOwnAndKeepMostOfIt) {
  EngineProfile engine = bare_engine();
  engine.scheduling.small_below_bytes = 200e9;
  engine.scheduling.small_token_budget = 512;
  EXPECT_EQ(step_model(dense_model(), {}, engine).engine().scheduling.token_budget, 512);
  engine.scheduling.small_below_bytes = 50e9;
  EXPECT_EQ(step_model(dense_model(), {}, engine).engine().scheduling.token_budget, 8192);
  EXPECT_DOUBLE_EQ(engine.scheduling.reserved_of(100e9), 3e9);
  EXPECT_DOUBLE_EQ(engine.scheduling.reserved_of(0.2e9), 0.01e9);
}

}  // namespace
}  // namespace assay::roofline

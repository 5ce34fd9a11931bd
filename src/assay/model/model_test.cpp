// SPDX-License-Identifier: Apache-2.0
#include "assay/model/model.hpp"

#include <gtest/gtest.h>

namespace assay::model {
namespace {

Model with(Layer layer, int count = 1) {
  Model out;
  out.hidden = 10;
  out.vocab = 100;
  out.layers = {{std::move(layer), count}};
  return out;
}

TEST(Model, GroupedAttentionByHand) {
  GroupedAttention a{.heads = 4, .kv_heads = 2, .key_dim = 3, .value_dim = 5};
  EXPECT_EQ(mixer_parameters(a, 10), 10 * (12 + 6 + 10 + 20));
  a.output_gate = true;
  EXPECT_EQ(mixer_parameters(a, 10), 10 * (24 + 6 + 10 + 20));
  a.shared_kv = true;
  EXPECT_EQ(mixer_parameters(a, 10), 10 * (24 + 6 + 20));
  // The cache of a shared projection still holds keys and values.
  EXPECT_EQ(kv_bytes_per_token(with({a, {}, {}}, 3)), 3 * 2 * (3 + 5) * 2);
}

TEST(Model, LatentAttentionByHand) {
  LatentAttention a{
      .heads = 2, .query_rank = 6, .kv_rank = 8, .nope_dim = 3, .rope_dim = 1, .value_dim = 5};
  EXPECT_EQ(mixer_parameters(a, 10), 6 * (10 + 8) + 10 * 9 + 8 * 2 * 8 + 10 * 10);
  EXPECT_EQ(kv_bytes_per_token(with({a, {}, {}})), 9 * 2) << "one vector, whatever the heads";
  a.query_rank = 0;
  EXPECT_EQ(mixer_parameters(a, 10), 10 * 8 + 10 * 9 + 8 * 2 * 8 + 10 * 10);
  a.index_heads = 4;
  a.index_dim = 128;
  a.query_rank = 6;
  EXPECT_EQ(mixer_parameters(a, 10), 6 * 18 + 90 + 128 + 100 + 6 * 512 + 10 * 128 + 10 * 4);
  EXPECT_EQ(kv_bytes_per_token(with({a, {}, {}})), 18 + 132)
      << "an index key in fp8 with its scale";
}

TEST(Model, LinearAttentionHoldsAStateOfFixedSize) {
  const LinearAttention a{
      .key_heads = 1, .value_heads = 2, .key_dim = 4, .value_dim = 3, .conv_kernel = 4};
  EXPECT_EQ(mixer_parameters(a, 10), 10 * (8 + 6 + 6 + 4) + 10 * 6 + 4 * 14);
  const Model model = with({a, {}, {}});
  EXPECT_EQ(kv_bytes_per_token(model), 0);
  EXPECT_EQ(kv_bytes(model, 1), 2 * 4 * 3 * 4 + 3 * 14 * 2);
  EXPECT_EQ(kv_bytes(model, 1e6), kv_bytes(model, 1));
}

TEST(Model, AWindowBoundsTheCache) {
  const Layer all{
      GroupedAttention{.heads = 1, .kv_heads = 1, .key_dim = 1, .value_dim = 1}, {}, {}};
  Layer windowed = all;
  std::get<GroupedAttention>(windowed.mixer).window = 100;
  Model model = with(all);
  model.layers.push_back({windowed, 5});
  EXPECT_EQ(kv_bytes_per_token(model), 6 * 2 * 2);
  EXPECT_EQ(kv_bytes(model, 50), 50 * 6 * 4);
  EXPECT_EQ(kv_bytes(model, 1000), (1000 + 5 * 100) * 4);
  model.kv = Dtype::fp8;
  EXPECT_EQ(kv_bytes(model, 50), 50 * 6 * 2);
}

Model sparse() {
  Layer layer{
      GroupedAttention{.heads = 1, .kv_heads = 1, .key_dim = 10, .value_dim = 10}, {4, true}, {}};
  layer.experts = Experts{.count = 8, .per_token = 2, .each = {5, true}};
  return with(layer, 3);
}

TEST(Model, ActiveParametersCountTheRoutedExpertsOfOneToken) {
  const Model model = sparse();
  const Parameters all = parameters(model);
  EXPECT_EQ(all.embedding, 1000);
  EXPECT_EQ(all.lm_head, 1000);
  EXPECT_EQ(all.attention, 3 * 400);
  EXPECT_EQ(all.dense_ffn, 3 * 120);
  EXPECT_EQ(all.experts, 3 * 8 * 150);
  EXPECT_EQ(all.router, 3 * 80);
  EXPECT_EQ(all.total(), 2000 + 1200 + 360 + 3600 + 240);
  EXPECT_EQ(active_parameters(model), 1000 + 1200 + 360 + 3 * 2 * 150 + 240);
}

TEST(Model, TiedEmbeddingsAreStoredOnceAndUsedOnce) {
  Model model = sparse();
  const double apart = active_parameters(model);
  model.tied_embeddings = true;
  EXPECT_EQ(parameters(model).lm_head, 0);
  EXPECT_EQ(active_parameters(model), apart);
}

TEST(Model, WeightBytesFollowTheExclusionList) {
  Model model = sparse();
  EXPECT_EQ(weight_bytes(model), 2 * parameters(model).total());
  Quantization& q = model.quantization;
  q.weights = Dtype::fp4;
  q.bits_per_weight = 4.5;
  q.activations = Dtype::fp4;
  q.attention = false;
  q.shared_experts = false;
  // Embedding, lm_head, attention, shared experts and router in 16 bits, experts in 4.5.
  EXPECT_DOUBLE_EQ(weight_bytes(model), 2 * (2000 + 1200 + 360 + 240) + 3600 * 4.5 / 8);
  q.dense_ffn = false;  // no layer of this model has a dense feed-forward alone
  EXPECT_DOUBLE_EQ(weight_bytes(model), 2 * (2000 + 1200 + 360 + 240) + 3600 * 4.5 / 8);
  EXPECT_EQ(storage(q, Part::experts).activations, Dtype::fp4);
  EXPECT_EQ(storage(q, Part::attention).activations, Dtype::bf16);
  EXPECT_EQ(storage(q, Part::router).bits_per_weight, 16);
  q.lm_head = true;
  EXPECT_EQ(storage(q, Part::lm_head).bits_per_weight, 4.5);
}

}  // namespace
}  // namespace assay::model

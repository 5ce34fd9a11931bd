// SPDX-License-Identifier: Apache-2.0
#include "assay/model/precision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assay/model/library.hpp"

namespace assay::model {
namespace {

using ::testing::HasSubstr;

Model at(std::string_view name, std::string_view precision) {
  const auto library = embedded_library();
  EXPECT_TRUE(library) << library.error().message;
  auto model = with_precision(*library->find(name), precision);
  EXPECT_TRUE(model) << model.error().message;
  return *std::move(model);
}

TEST(Precision, TheUsualRecipes) {
  const double embeddings = 2.0 * 128'256 * 4096 * 2;
  const double linear = parameters(at("llama-3.1-8b", "")).total() - 2.0 * 128'256 * 4096;
  EXPECT_DOUBLE_EQ(weight_bytes(at("llama-3.1-8b", "fp8")), embeddings + linear);
  EXPECT_DOUBLE_EQ(weight_bytes(at("llama-3.1-8b", "fp4")), embeddings + linear * 4.5 / 8);
  EXPECT_DOUBLE_EQ(weight_bytes(at("llama-3.1-8b", "int4")), embeddings + linear * 4.25 / 8);
  EXPECT_EQ(at("llama-3.1-8b", "fp4").quantization.activations, Dtype::fp4);
  EXPECT_EQ(at("llama-3.1-8b", "int4").quantization.activations, Dtype::bf16);
  EXPECT_EQ(at("llama-3.1-8b", "fp8").kv, Dtype::bf16) << "the cache is another choice";
}

// llama-2-7b.Q4_0.gguf has 3.83 GB, of which 0.07 GB is the embedding, in 4.5 bits there.
TEST(Precision, LlamaCppsFourBits) {
  const Model model = at("llama-2-7b", "q4_0");
  EXPECT_TRUE(model.quantization.lm_head);
  EXPECT_EQ(model.quantization.activations, Dtype::bf16);
  EXPECT_NEAR(weight_bytes(model) - 2 * parameters(model).embedding, 3.83e9 - 0.07e9, 0.05e9);
}

TEST(Precision, ANarrowCheckpointIsServedAsItIs) {
  for (const std::string_view precision : {"", "fp8", "fp4", "int4"}) {
    const Model model = at("gpt-oss-120b", precision);
    EXPECT_EQ(model.quantization.method, "mxfp4") << precision;
    EXPECT_FALSE(model.quantization.attention);
  }
  EXPECT_EQ(at("deepseek-r1", "fp8").quantization.bits_per_weight, 8.001953125);
  EXPECT_EQ(at("gpt-oss-120b", "bf16").quantization.bits_per_weight, 16);
}

TEST(Precision, LatentAttentionStaysWideInFp4) {
  const Quantization q = at("deepseek-r1", "fp4").quantization;
  EXPECT_FALSE(q.attention);
  EXPECT_TRUE(q.experts);
  EXPECT_TRUE(q.shared_experts);
  EXPECT_TRUE(at("qwen3-32b", "fp4").quantization.attention);
}

TEST(Precision, OtherWordsAreRefused) {
  const auto model = with_precision(Model{}, "fp3");
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().message,
              HasSubstr("bf16, fp16, fp32, fp8, fp4, int8, int4, q8_0 or q4_0"));
}

}  // namespace
}  // namespace assay::model

// SPDX-License-Identifier: Apache-2.0
#include "assay/model/quantization_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "assay/model/config_reader.hpp"

namespace assay::model {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Four layers, the first dense, the others with experts and a shared one.
std::string config(std::string_view quantization) {
  return R"({"model_type": "deepseek", "hidden_size": 64, "intermediate_size": 128,
    "num_attention_heads": 8, "num_hidden_layers": 4, "vocab_size": 100, "n_routed_experts": 4,
    "num_experts_per_tok": 2, "moe_intermediate_size": 16, "n_shared_experts": 1,
    "first_k_dense_replace": 1, "torch_dtype": "bfloat16", "quantization_config": )" +
         std::string(quantization) + "}";
}

Model read(std::string_view quantization) {
  auto model = read_config("c", config(quantization));
  EXPECT_TRUE(model) << (model ? "" : model.error().message);
  return model ? *std::move(model) : Model{};
}

std::string refusal(std::string_view quantization) {
  const auto model = read_config("c", config(quantization));
  return model ? "accepted" : model.error().message;
}

void expect_widths(std::string_view json, Dtype weights, double bits, Dtype activations) {
  const Quantization q = read(json).quantization;
  EXPECT_EQ(q.weights, weights) << json;
  EXPECT_DOUBLE_EQ(q.bits_per_weight, bits) << json;
  EXPECT_EQ(q.activations, activations) << json;
}

TEST(QuantizationReader, BitsCountScalesAndZeroPoints) {
  expect_widths(R"({"quant_method": "fp8"})", Dtype::fp8, 8, Dtype::fp8);
  expect_widths(R"({"quant_method": "fp8", "weight_block_size": [128, 128]})", Dtype::fp8,
                8 + 32.0 / 16384, Dtype::fp8);
  expect_widths(R"({"quant_method": "fbgemm_fp8"})", Dtype::fp8, 8, Dtype::fp8);
  expect_widths(R"({"quant_method": "mxfp4"})", Dtype::fp4, 4.25, Dtype::bf16);
  expect_widths(R"({"quant_method": "gptq", "bits": 4, "group_size": 128, "sym": true})",
                Dtype::int4, 4 + 20.0 / 128, Dtype::bf16);
  expect_widths(R"({"quant_method": "gptq", "bits": 8, "group_size": -1})", Dtype::int8, 8,
                Dtype::bf16);
  expect_widths(R"({"quant_method": "awq", "w_bit": 4, "q_group_size": 64})", Dtype::int4,
                4 + 20.0 / 64, Dtype::bf16);
  expect_widths(R"({"quant_method": "bitsandbytes", "load_in_4bit": true})", Dtype::int4, 4.5,
                Dtype::bf16);
  expect_widths(R"({"quant_method": "bitsandbytes", "load_in_8bit": true})", Dtype::int8, 8,
                Dtype::int8);
  expect_widths(R"({"quant_method": "modelopt", "quant_algo": "FP8"})", Dtype::fp8, 8, Dtype::fp8);
  expect_widths(R"({"quant_method": "modelopt", "quant_algo": "NVFP4", "group_size": 16})",
                Dtype::fp4, 4.5, Dtype::fp4);
  expect_widths(R"({"quant_method": "modelopt", "quant_algo": "W4A16_AWQ", "group_size": 128})",
                Dtype::int4, 4.125, Dtype::bf16);
  expect_widths(
      R"({"quant_method": "quark", "global_quant_config": {"weight": {"dtype": "fp4"}, "input_tensors": {"dtype": "fp4"}}})",
      Dtype::fp4, 4.25, Dtype::fp4);
}

std::string group(std::string_view weights, std::string_view inputs) {
  return R"({"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": )" +
         std::string(weights) + R"(, "input_activations": )" + std::string(inputs) + "}}}";
}

TEST(QuantizationReader, CompressedTensors) {
  expect_widths(group(R"({"num_bits": 8, "type": "float", "strategy": "channel"})",
                      R"({"num_bits": 8, "type": "float"})"),
                Dtype::fp8, 8, Dtype::fp8);
  expect_widths(group(R"({"num_bits": 8, "type": "float", "block_structure": [128, 128]})",
                      R"({"num_bits": 8, "type": "float"})"),
                Dtype::fp8, 8 + 32.0 / 16384, Dtype::fp8);
  expect_widths(group(R"({"num_bits": 4, "type": "float", "group_size": 16})",
                      R"({"num_bits": 4, "type": "float"})"),
                Dtype::fp4, 4.5, Dtype::fp4);
  expect_widths(
      group(R"({"num_bits": 4, "type": "int", "group_size": 32, "symmetric": true})", "null"),
      Dtype::int4, 4.5, Dtype::bf16);
  expect_widths(
      group(R"({"num_bits": 4, "type": "int", "group_size": 32, "symmetric": false})", "null"),
      Dtype::int4, 4 + 20.0 / 32, Dtype::bf16);
  expect_widths(group(R"({"num_bits": 8, "type": "int", "strategy": "channel"})",
                      R"({"num_bits": 8, "type": "int"})"),
                Dtype::int8, 8, Dtype::int8);
}

TEST(QuantizationReader, MethodsThatAreNotKnownAreNamed) {
  EXPECT_THAT(refusal(R"({"quant_method": "magic"})"),
              HasSubstr("quant_method \"magic\" is not known here"));
  EXPECT_THAT(refusal(R"({})"), HasSubstr("quant_method is missing"));
  EXPECT_THAT(refusal(R"({"quant_method": "gptq", "bits": 3, "group_size": 128})"),
              HasSubstr("only 4 and 8 bits"));
  EXPECT_THAT(refusal(R"({"quant_method": "awq", "bits": 4, "group_size": 1})"),
              HasSubstr("group_size is 1, less than"));
  EXPECT_THAT(refusal(R"({"quant_method": "fp8", "weight_block_size": [1, 2]})"),
              HasSubstr("weight_block_size is 2"));
  EXPECT_THAT(refusal(R"({"quant_method": "modelopt", "quant_algo": "MIXED_PRECISION"})"),
              HasSubstr("MIXED_PRECISION"));
  EXPECT_THAT(
      refusal(R"({"quant_method": "compressed-tensors", "config_groups": {"a": {}, "b": {}}})"),
      HasSubstr("more than one way"));
}

TEST(QuantizationReader, TheCacheMayBeQuantizedToo) {
  EXPECT_EQ(read(R"({"quant_method": "fp8"})").kv, Dtype::bf16);
  EXPECT_EQ(
      read(R"({"quant_method": "modelopt", "quant_algo": "FP8", "kv_cache_quant_algo": "FP8"})").kv,
      Dtype::fp8);
  EXPECT_EQ(
      read(R"({"quant_method": "fp8", "kv_cache_scheme": {"num_bits": 8, "type": "float"}})").kv,
      Dtype::fp8);
}

Quantization excluding(std::string_view list, std::vector<std::string>* notes = nullptr) {
  const Model model =
      read(R"({"quant_method": "fp8", "modules_to_not_convert": )" + std::string(list) + "}");
  if (notes != nullptr) *notes = model.notes;
  return model.quantization;
}

std::string kept(const Quantization& q) {
  return std::string(q.attention ? "" : "attention ") + (q.dense_ffn ? "" : "dense ") +
         (q.shared_experts ? "" : "shared ") + (q.experts ? "" : "experts ") +
         (q.lm_head ? "head " : "");
}

TEST(Exclusions, ModulesBecomeParts) {
  EXPECT_EQ(kept(excluding("[]")), "");
  EXPECT_EQ(kept(excluding(R"(["lm_head", "model.embed_tokens", "model.layers.1.mlp.gate", "gate",
                              "model.layers.*.mlp.router", "re:.*\\.gate$", "visual.blocks.3.mlp"])")),
            "");
  EXPECT_EQ(kept(excluding(R"(["model.layers.*.self_attn"])")), "attention ");
  EXPECT_EQ(
      kept(excluding(
          R"(["model.layers.*.linear_attn.in_proj_b", "model.layers.*.linear_attn.conv1d"])")),
      "");
  EXPECT_EQ(kept(excluding(R"(["re:.*self_attn.*"])")), "attention ");
  EXPECT_EQ(
      kept(excluding(
          R"(["model.layers.0.self_attn*", "model.layers.1.self_attn*", "model.layers.2.self_attn*",
                              "model.layers.3.self_attn*", "model.layers.4*"])")),
      "attention ");
  EXPECT_EQ(kept(excluding(R"(["lm_head", "re:.*self_attn.*", "re:.*shared_experts.*",
                              "re:.*mlp\\.(gate|up|gate_up|down)_proj.*"])")),
            "attention dense shared ");
  EXPECT_EQ(kept(excluding(R"(["model.layers.0.mlp"])")), "dense ");
  EXPECT_EQ(kept(excluding(R"(["model.layers.*.mlp.experts"])")), "experts ");
  EXPECT_EQ(kept(excluding(R"(["model.layers.0", "model.layers.1"])")), "dense ");
}

TEST(Exclusions, APartLeftOutHereAndThereIsSaid) {
  std::vector<std::string> notes;
  EXPECT_EQ(kept(excluding(R"(["model.layers.2.self_attn"])", &notes)), "");
  EXPECT_THAT(notes, Contains(HasSubstr("1 of 4 layers keep their attention unquantized")));
  EXPECT_EQ(
      kept(excluding(
          R"(["model.layers.2.self_attn", "model.layers.1.self_attn", "model.layers.0.self_attn"])",
          &notes)),
      "attention ");
  EXPECT_THAT(notes, Contains(HasSubstr("all are counted as unquantized")));
  EXPECT_EQ(kept(excluding(R"(["model.layers.*.self_attn.o_proj"])", &notes)), "");
  EXPECT_THAT(notes, Contains(HasSubstr("4 a part of it")));
  EXPECT_EQ(kept(excluding(R"(["re:.*self_attn"])", &notes)), "attention ");
  EXPECT_THAT(notes, IsEmpty());
}

TEST(Exclusions, AnOlderModelOptFileBesideTheConfig) {
  const std::string plain = R"({"model_type": "llama", "hidden_size": 64, "intermediate_size": 128,
    "num_attention_heads": 8, "num_hidden_layers": 2, "vocab_size": 100, "torch_dtype": "bfloat16"})";
  const auto model = read_config("c", plain, R"({"producer": {"name": "modelopt"}, "quantization":
    {"quant_algo": "NVFP4", "kv_cache_quant_algo": "FP8", "group_size": 16, "exclude_modules": ["lm_head"]}})");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->quantization.method, "modelopt/NVFP4");
  EXPECT_EQ(model->quantization.bits_per_weight, 4.5);
  EXPECT_EQ(model->kv, Dtype::fp8);
}

}  // namespace
}  // namespace assay::model

// SPDX-License-Identifier: Apache-2.0
#include "assay/model/config_reader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "assay/model/precision.hpp"
#include "assay/model/test_configs.hpp"

namespace assay::model {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Model read(std::string_view json) {
  auto model = read_config("x/config.json", json);
  EXPECT_TRUE(model) << (model ? "" : model.error().message) << "\n" << json;
  return model ? *std::move(model) : Model{};
}

// A llama of 10 layers with more keys.
std::string llama(std::string_view more, std::string_view type = "llama") {
  return R"({"hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 8,
    "num_hidden_layers": 10, "vocab_size": 100, "torch_dtype": "bfloat16", "model_type": ")" +
         std::string(type) + "\"" + (more.empty() ? "" : ", ") + std::string(more) + "}";
}

std::string mistral(std::string_view more) {
  return llama(R"("num_key_value_heads": 8, )" + std::string(more), "mistral");
}

// What a config of a class that is not known must say, where a known class has a default.
constexpr std::string_view kAllSaid =
    R"("num_key_value_heads": 8, "head_dim": 8, "tie_word_embeddings": false)";

int windowed_layers(const Model& model) {
  int sum = 0;
  for (const auto& [layer, count] : model.layers) {
    const auto* a = std::get_if<GroupedAttention>(&layer.mixer);
    if (a != nullptr && a->window) sum += count;
  }
  return sum;
}

int sparse_layers(const Model& model) {
  int sum = 0;
  for (const auto& [layer, count] : model.layers) sum += layer.experts ? count : 0;
  return sum;
}

const GroupedAttention& first_attention(const Model& model) {
  return std::get<GroupedAttention>(model.layers.at(0).layer.mixer);
}

TEST(ConfigReader, HeadsOfKeysAndValues) {
  EXPECT_EQ(first_attention(read(llama(""))).kv_heads, 8) << "unsaid: each head has its own";
  EXPECT_EQ(first_attention(read(llama(R"("num_key_value_heads": 2)"))).kv_heads, 2);
  EXPECT_EQ(
      first_attention(read(llama(R"("multi_query": true, "num_kv_heads": 8)", "falcon"))).kv_heads,
      1);
  EXPECT_EQ(first_attention(read(llama(R"("multi_query": true, "num_kv_heads": 4,
                                         "new_decoder_architecture": true)",
                                       "falcon")))
                .kv_heads,
            4);
  EXPECT_EQ(first_attention(read(llama(R"("attn_config": {"kv_n_heads": 4})", "mpt"))).kv_heads, 4);
}

TEST(ConfigReader, HeadDimension) {
  EXPECT_EQ(first_attention(read(llama(""))).key_dim, 8);
  EXPECT_EQ(first_attention(read(llama(R"("head_dim": null)"))).key_dim, 8);
  EXPECT_EQ(first_attention(read(llama(R"("head_dim": 16)"))).key_dim, 16);
  EXPECT_EQ(first_attention(read(llama("", "gemma2"))).key_dim, 256) << "its class's own";
}

TEST(ConfigReader, Windows) {
  EXPECT_EQ(windowed_layers(read(mistral(R"("sliding_window": 32)"))), 10);
  EXPECT_EQ(windowed_layers(read(mistral(R"("sliding_window": null)"))), 0);
  EXPECT_EQ(windowed_layers(read(mistral(R"("sliding_window": 0)"))), 0);
  EXPECT_EQ(windowed_layers(read(llama(R"("num_key_value_heads": 8, "sliding_window": 32,
                                         "max_window_layers": 4)",
                                       "qwen2"))),
            0);
  EXPECT_EQ(windowed_layers(read(llama(R"("sliding_window": 32, "use_sliding_window": false)"))),
            0);
  EXPECT_EQ(windowed_layers(read(llama(R"("sliding_window": 32, "max_window_layers": 4,
                                         "use_sliding_window": true)"))),
            6);
  EXPECT_EQ(windowed_layers(read(llama(R"("sliding_window": 32, "sliding_window_pattern": 5)"))),
            8);
  EXPECT_EQ(
      windowed_layers(read(llama(R"("sliding_window": 32, "sliding_window_pattern": "LLLG")"))), 8);
  EXPECT_EQ(windowed_layers(read(llama(R"("sliding_window": 32)", "gemma2"))), 5);
  EXPECT_EQ(windowed_layers(read(llama(R"("attention_chunk_size": 32, "num_local_experts": 2,
                                         "num_experts_per_tok": 1, "intermediate_size_mlp": 128,
                                         "interleave_moe_layer_step": 1, "head_dim": 8,
                                         "num_key_value_heads": 8)",
                                       "llama4_text"))),
            8);
  EXPECT_EQ(windowed_layers(read(llama(R"("attention_chunk_size": 32,
                                         "no_rope_layers": [1,1,1,1,1,1,1,1,1,0])"))),
            9);
}

TEST(ConfigReader, TheFullLayersOfAMixedModelHaveTheirOwnHeads) {
  const Model model = read(kTestConfigs[14].json);  // Gemma 4
  ASSERT_EQ(model.layers.size(), 2U);
  const auto& full = std::get<GroupedAttention>(model.layers[0].layer.mixer);
  const auto& sliding = std::get<GroupedAttention>(model.layers[1].layer.mixer);
  EXPECT_EQ(full.key_dim, 512);
  EXPECT_EQ(full.kv_heads, 2);
  EXPECT_TRUE(full.shared_kv);
  EXPECT_EQ(sliding.key_dim, 256);
  EXPECT_EQ(sliding.kv_heads, 8);
  EXPECT_EQ(sliding.window, 1024);
  EXPECT_FALSE(sliding.shared_kv);
  EXPECT_EQ(model.layers[0].layer.dense.intermediate, 2112) << "beside the experts";
}

TEST(ConfigReader, WhichLayersHaveExperts) {
  constexpr std::string_view kMoe =
      R"("num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 8)";
  const auto layers = [&](std::string_view more) {
    return sparse_layers(
        read(llama(std::string(kMoe) + (more.empty() ? "" : ", ") + std::string(more))));
  };
  EXPECT_EQ(layers(""), 10);
  EXPECT_EQ(layers(R"("first_k_dense_replace": 3, "moe_layer_freq": 1)"), 7);
  EXPECT_EQ(layers(R"("moe_layer_freq": [0,1,1,1,1,1,1,1,1,0])"), 8);
  EXPECT_EQ(layers(R"("decoder_sparse_step": 2, "mlp_only_layers": [1, 3])"), 3);
  EXPECT_EQ(layers(R"("interleave_moe_layer_step": 2)"), 5);
  EXPECT_EQ(layers(R"("interleave_moe_layer_step": 2, "moe_layers": [0])"), 1);
  EXPECT_EQ(layers(R"("moe_layers_enum": "4,5,6")"), 3);
  EXPECT_EQ(layers(R"("expert_layer_period": 2, "expert_layer_offset": 1)"), 5);
  EXPECT_EQ(layers(R"("moe_layer_start_index": 3, "moe_layer_end_index": 7)"), 5);
  EXPECT_EQ(layers(R"("mlp_layer_types": ["dense","sparse","sparse","sparse","sparse","sparse",
                      "sparse","sparse","sparse","dense"])"),
            8);
  EXPECT_EQ(sparse_layers(read(llama(R"("num_experts": 0)"))), 0);
}

TEST(ConfigReader, SharedExperts) {
  const auto shared = [](std::string_view more) {
    return read(
               llama(R"("num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 8, )" +
                     std::string(more)))
        .layers.at(0)
        .layer.dense.intermediate;
  };
  EXPECT_EQ(shared(R"("n_shared_experts": 2)"), 16);
  EXPECT_EQ(shared(R"("n_shared_experts": null)"), 0);
  EXPECT_EQ(shared(R"("shared_expert_intermediate_size": 24)"), 24);
  EXPECT_EQ(shared(R"("shared_intermediate_size": 0)"), 0);
  EXPECT_EQ(shared(R"("n_shared_experts": 2, "moe_shared_expert_intermediate_size": 10)"), 20);
  EXPECT_EQ(shared(R"("intermediate_size_mlp": 48)"), 8);
}

TEST(ConfigReader, TwoMatricesOrThree) {
  const auto gated = [](std::string_view more, std::string_view type) {
    return read(llama(more, type)).layers.at(0).layer.dense.gated;
  };
  EXPECT_TRUE(gated("", "llama"));
  EXPECT_TRUE(gated(std::string(kAllSaid) + R"(, "hidden_act": "silu")", "never-heard-of"));
  EXPECT_FALSE(gated(std::string(kAllSaid) + R"(, "hidden_act": "relu2")", "never-heard-of"));
  EXPECT_TRUE(gated(R"("hidden_act": "gelu_pytorch_tanh")", "gemma2"));
  EXPECT_FALSE(gated(R"("hidden_act": "gelu_pytorch_tanh")", "starcoder2"));
  EXPECT_FALSE(gated(R"("hidden_act": "gelu")", "gpt_neox"));
}

// Totals as published, of models that data/models does not have; each shows a structure.
TEST(ConfigReader, OtherArchitecturesAddUp) {
  const auto billions = [](std::string_view json) { return parameters(read(json)).total() / 1e9; };
  // GPT-2 XL: 1.558 B. Tied, 4 x hidden, multi-head.
  EXPECT_NEAR(billions(R"({"model_type": "gpt2", "activation_function": "gelu_new", "n_embd": 1600,
    "n_head": 25, "n_layer": 48, "n_positions": 1024, "vocab_size": 50257})"),
              1.558, 0.01);
  // Falcon-7B: 6.92 B. Multi-query.
  EXPECT_NEAR(billions(R"({"model_type": "falcon", "hidden_size": 4544, "multi_query": true,
    "new_decoder_architecture": false, "num_attention_heads": 71, "num_hidden_layers": 32,
    "num_kv_heads": 71, "vocab_size": 65024, "torch_dtype": "bfloat16"})"),
              6.92, 0.02);
  // DBRX: 131.6 B. Keys in attn_config and ffn_config.
  EXPECT_NEAR(billions(R"({"model_type": "dbrx", "attn_config": {"kv_n_heads": 8}, "d_model": 6144,
    "ffn_config": {"ffn_hidden_size": 10752, "moe_num_experts": 16, "moe_top_k": 4}, "n_heads": 48,
    "n_layers": 40, "tie_word_embeddings": false, "vocab_size": 100352})"),
              131.6, 0.2);
  // Gemma 3 4B's language part: 3.88 B. Nearly all is its class's default.
  EXPECT_NEAR(billions(R"({"model_type": "gemma3", "text_config": {"hidden_size": 2560,
    "intermediate_size": 10240, "model_type": "gemma3_text", "num_hidden_layers": 34,
    "sliding_window": 1024}, "torch_dtype": "bfloat16"})"),
              3.88, 0.02);
  // Mamba-2 2.7B: 2.70 B. No attention, no feed-forward.
  EXPECT_NEAR(billions(R"({"model_type": "mamba2", "hidden_size": 2560, "num_hidden_layers": 64,
    "num_heads": 80, "head_dim": 64, "state_size": 128, "n_groups": 1, "conv_kernel": 4,
    "time_step_rank": 160, "vocab_size": 50288, "tie_word_embeddings": true})"),
              2.70, 0.02);
  // Nemotron Nano 9B v2: 8.89 B. Mamba-2, attention and feed-forwards as letters.
  EXPECT_NEAR(
      billions(R"({"model_type": "nemotron_h", "hidden_size": 4480, "intermediate_size": 15680,
    "num_hidden_layers": 56, "hybrid_override_pattern":
    "M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-", "num_attention_heads": 40,
    "head_dim": 128, "num_key_value_heads": 8, "mamba_num_heads": 128, "mamba_head_dim": 80,
    "n_groups": 8, "ssm_state_size": 128, "conv_kernel": 4, "mlp_hidden_act": "relu2",
    "vocab_size": 131072, "tie_word_embeddings": false, "time_step_limit": [0.0, Infinity]})"),
      8.89, 0.03);
  // Llama 4 Maverick's language part: 400.7 B. Experts in every second layer.
  EXPECT_NEAR(
      billions(R"({"text_config": {"model_type": "llama4_text", "attention_chunk_size": 8192,
    "head_dim": 128, "hidden_act": "silu", "hidden_size": 5120, "interleave_moe_layer_step": 2,
    "intermediate_size": 8192, "intermediate_size_mlp": 16384, "num_attention_heads": 40,
    "num_experts_per_tok": 1, "num_hidden_layers": 48, "num_key_value_heads": 8,
    "num_local_experts": 128, "vocab_size": 202048}})"),
      400.7, 0.5);
  // Qwen3-Next 80B: its gated attention is in no key.
  EXPECT_NEAR(
      billions(R"({"model_type": "qwen3_next", "full_attention_interval": 4, "head_dim": 256,
    "hidden_act": "silu", "hidden_size": 2048, "linear_conv_kernel_dim": 4,
    "linear_key_head_dim": 128, "linear_num_key_heads": 16, "linear_num_value_heads": 32,
    "linear_value_head_dim": 128, "moe_intermediate_size": 512, "num_attention_heads": 16,
    "num_experts": 512, "num_experts_per_tok": 10, "num_hidden_layers": 48,
    "num_key_value_heads": 2, "shared_expert_intermediate_size": 512,
    "tie_word_embeddings": false, "vocab_size": 151936})"),
      79.7, 0.1);
}

TEST(ConfigReader, LightningAttention) {
  const Model model =
      read(llama(R"("hidden_act": "silu", "attn_type_list": [0,0,0,0,0,0,0,0,0,1])"));
  ASSERT_EQ(model.layers.size(), 2U);
  EXPECT_EQ(model.layers[1].count, 9);
  // Queries, keys, values, gate and output: five matrices of hidden x heads x head_dim.
  EXPECT_EQ(mixer_parameters(model.layers[1].layer.mixer, 64), 5 * 64 * 64);
}

TEST(ConfigReader, SaysWhatItLeftOutOrTookForGranted) {
  const Model model = read(kTestConfigs[8].json);  // Qwen3.5 with its vision part
  EXPECT_THAT(model.notes, Contains(HasSubstr("vision_config")));
  EXPECT_THAT(model.notes, Contains(HasSubstr("1 draft layer")));
  EXPECT_EQ(model.draft_layers, 1);
  const Model bare = read(R"({"hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 8,
    "num_hidden_layers": 1, "vocab_size": 100, "model_type": "llama"})");
  EXPECT_THAT(bare.notes, Contains(HasSubstr("taken as bf16")));
}

TEST(ConfigReader, StoresAsTheConfigSays) {
  const Model model = read(llama(R"("dtype": "float32")"));
  EXPECT_EQ(model.quantization.weights, Dtype::bf16) << "torch_dtype goes first";
  const Model wide = read(R"({"hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 8,
    "num_hidden_layers": 1, "vocab_size": 100, "model_type": "llama", "torch_dtype": "float32"})");
  // Nobody serves in float32 unless asked to.
  EXPECT_EQ(wide.quantization.weights, Dtype::bf16);
  EXPECT_EQ(wide.kv, Dtype::bf16);
  EXPECT_THAT(wide.notes, Contains(HasSubstr("float32")));
  const Model asked = with_precision(wide, "fp32").value();
  EXPECT_EQ(weight_bytes(asked), 4 * parameters(wide).total());
  EXPECT_EQ(asked.kv, Dtype::fp32);
}

TEST(ConfigReader, AnUnknownArchitectureIsReadByItsKeysAndSaysSo) {
  const auto config = [](std::string_view type, std::string_view name, std::string_view more) {
    return fmt::format(R"({{"model_type": "{}", "architectures": ["{}"], "hidden_size": 64,
      "intermediate_size": 128, "num_attention_heads": 8, "num_hidden_layers": 1, "head_dim": 8,
      "vocab_size": 100, "hidden_act": "silu", "tie_word_embeddings": false{}}})",
                       type, name, more);
  };
  const std::string heads = R"(, "num_key_value_heads": 2)";
  const Model known = read(config("llama", "LlamaForCausalLM", heads));
  const auto unknown = Contains(HasSubstr("not known here"));
  EXPECT_THAT(known.notes, Not(unknown));
  for (const Model& found : {read(config("mystery", "MysteryForCausalLM", heads)),
                             read(config("llama", "MysteryForCausalLM", heads))}) {
    EXPECT_THAT(found.notes, unknown);
    EXPECT_EQ(parameters(found).total(), parameters(known).total());
  }
  const auto refusal = [](const std::string& text) {
    return read_config("mystery", text).error().message;
  };
  EXPECT_THAT(refusal(config("mystery", "MysteryForCausalLM", "")),
              HasSubstr("num_key_value_heads is missing"));
  EXPECT_THAT(refusal(config("mystery", "MysteryForCausalLM", heads + R"(, "warp_dim": 16)")),
              HasSubstr("warp_dim speaks of a structure"));
  EXPECT_TRUE(read_config("m", config("llama", "LlamaForCausalLM", heads + R"(, "warp_dim": 16)")));
}

}  // namespace
}  // namespace assay::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

// Configs for tests: the published dimensions of real models, with only the keys that matter.
namespace assay::model {

struct TestConfig {
  std::string_view id;  // of data/models
  std::string_view json;
};

inline constexpr std::array kTestConfigs{
    TestConfig{"llama-3.1-8b", R"({"model_type": "llama", "hidden_act": "silu", "hidden_size": 4096,
      "intermediate_size": 14336, "max_position_embeddings": 131072, "num_attention_heads": 32,
      "num_hidden_layers": 32, "num_key_value_heads": 8, "tie_word_embeddings": false,
      "torch_dtype": "bfloat16", "vocab_size": 128256})"},
    TestConfig{"llama-3.1-70b",
               R"({"model_type": "llama", "hidden_act": "silu", "hidden_size": 8192,
      "intermediate_size": 28672, "num_attention_heads": 64, "num_hidden_layers": 80,
      "num_key_value_heads": 8, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
      "vocab_size": 128256})"},
    TestConfig{"llama-3.1-405b",
               R"({"model_type": "llama", "hidden_act": "silu", "hidden_size": 16384,
      "intermediate_size": 53248, "num_attention_heads": 128, "num_hidden_layers": 126,
      "num_key_value_heads": 8, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
      "vocab_size": 128256})"},
    TestConfig{"llama-4-scout",
               R"({"model_type": "llama4", "text_config": {"model_type": "llama4_text",
      "attention_chunk_size": 8192, "head_dim": 128, "hidden_act": "silu", "hidden_size": 5120,
      "interleave_moe_layer_step": 1, "intermediate_size": 8192, "intermediate_size_mlp": 16384,
      "no_rope_layers": [], "num_attention_heads": 40, "num_experts_per_tok": 1, "num_hidden_layers": 48,
      "num_key_value_heads": 8, "num_local_experts": 16, "torch_dtype": "bfloat16",
      "vocab_size": 202048}, "vision_config": {"hidden_size": 1408, "num_hidden_layers": 34}})"},
    TestConfig{"qwen3-8b", R"({"model_type": "qwen3", "head_dim": 128, "hidden_act": "silu",
      "hidden_size": 4096, "intermediate_size": 12288, "max_window_layers": 36,
      "num_attention_heads": 32, "num_hidden_layers": 36, "num_key_value_heads": 8,
      "sliding_window": null, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
      "use_sliding_window": false, "vocab_size": 151936})"},
    TestConfig{"qwen3-32b", R"({"model_type": "qwen3", "head_dim": 128, "hidden_act": "silu",
      "hidden_size": 5120, "intermediate_size": 25600, "max_window_layers": 64,
      "num_attention_heads": 64, "num_hidden_layers": 64, "num_key_value_heads": 8,
      "sliding_window": 4096, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
      "use_sliding_window": false, "vocab_size": 151936})"},
    TestConfig{"qwen3-30b-a3b",
               R"({"model_type": "qwen3_moe", "decoder_sparse_step": 1, "head_dim": 128,
      "hidden_act": "silu", "hidden_size": 2048, "intermediate_size": 6144, "mlp_only_layers": [],
      "moe_intermediate_size": 768, "num_attention_heads": 32, "num_experts": 128,
      "num_experts_per_tok": 8, "num_hidden_layers": 48, "num_key_value_heads": 4,
      "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": 151936})"},
    TestConfig{"Qwen/Qwen3-235B-A22B-FP8", R"({"model_type": "qwen3_moe", "decoder_sparse_step": 1,
      "head_dim": 128, "hidden_act": "silu", "hidden_size": 4096, "mlp_only_layers": [],
      "moe_intermediate_size": 1536, "num_attention_heads": 64, "num_experts": 128,
      "num_experts_per_tok": 8, "num_hidden_layers": 94, "num_key_value_heads": 4,
      "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": 151936,
      "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128],
        "modules_to_not_convert": ["lm_head", "model.layers.0.input_layernorm",
          "model.layers.0.mlp.gate", "model.layers.93.post_attention_layernorm"]}})"},
    TestConfig{"qwen3.5-27b",
               R"({"model_type": "qwen3_5", "text_config": {"model_type": "qwen3_5_text",
      "attn_output_gate": true, "dtype": "bfloat16", "full_attention_interval": 4, "head_dim": 256,
      "hidden_act": "silu", "hidden_size": 5120, "intermediate_size": 17408,
      "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128, "linear_num_key_heads": 16,
      "linear_num_value_heads": 48, "linear_value_head_dim": 128, "mamba_ssm_dtype": "float32",
      "mtp_num_hidden_layers": 1, "num_attention_heads": 24, "num_hidden_layers": 64,
      "num_key_value_heads": 4, "vocab_size": 248320}, "tie_word_embeddings": false,
      "vision_config": {"depth": 27, "hidden_size": 1152}})"},
    TestConfig{"qwen3.5-35b-a3b", R"({"model_type": "qwen3_5_moe", "text_config": {
      "model_type": "qwen3_5_moe_text", "attn_output_gate": true, "dtype": "bfloat16",
      "full_attention_interval": 4, "head_dim": 256, "hidden_act": "silu", "hidden_size": 2048,
      "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128, "linear_num_key_heads": 16,
      "linear_num_value_heads": 32, "linear_value_head_dim": 128, "mamba_ssm_dtype": "float32",
      "mlp_only_layers": [], "moe_intermediate_size": 512, "mtp_num_hidden_layers": 1,
      "num_attention_heads": 16, "num_experts": 256, "num_experts_per_tok": 8,
      "num_hidden_layers": 40, "num_key_value_heads": 2, "shared_expert_intermediate_size": 512,
      "vocab_size": 248320}, "tie_word_embeddings": false})"},
    TestConfig{"gpt-oss-20b", R"({"model_type": "gpt_oss", "experts_per_token": 4, "head_dim": 64,
      "hidden_act": "silu", "hidden_size": 2880, "intermediate_size": 2880, "num_attention_heads": 64,
      "num_experts_per_tok": 4, "num_hidden_layers": 24, "num_key_value_heads": 8,
      "num_local_experts": 32, "sliding_window": 128, "tie_word_embeddings": false,
      "vocab_size": 201088, "quantization_config": {"quant_method": "mxfp4",
        "modules_to_not_convert": ["model.layers.*.self_attn", "model.layers.*.mlp.router",
          "model.embed_tokens", "lm_head"]}})"},
    TestConfig{"mixtral-8x7b",
               R"({"model_type": "mixtral", "hidden_act": "silu", "hidden_size": 4096,
      "intermediate_size": 14336, "num_attention_heads": 32, "num_experts_per_tok": 2,
      "num_hidden_layers": 32, "num_key_value_heads": 8, "num_local_experts": 8,
      "sliding_window": null, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
      "vocab_size": 32000})"},
    TestConfig{"deepseek-r1", R"({"model_type": "deepseek_v3", "first_k_dense_replace": 3,
      "hidden_act": "silu", "hidden_size": 7168, "intermediate_size": 18432, "kv_lora_rank": 512,
      "moe_intermediate_size": 2048, "moe_layer_freq": 1, "n_routed_experts": 256,
      "n_shared_experts": 1, "num_attention_heads": 128, "num_experts_per_tok": 8,
      "num_hidden_layers": 61, "num_key_value_heads": 128, "num_nextn_predict_layers": 1,
      "q_lora_rank": 1536, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
      "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": 129280,
      "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]}})"},
    TestConfig{"deepseek-v3.2", R"({"model_type": "deepseek_v32", "first_k_dense_replace": 3,
      "hidden_act": "silu", "hidden_size": 7168, "intermediate_size": 18432, "kv_lora_rank": 512,
      "index_head_dim": 128, "index_n_heads": 64, "index_topk": 2048, "moe_intermediate_size": 2048,
      "moe_layer_freq": 1, "n_routed_experts": 256, "n_shared_experts": 1, "num_attention_heads": 128,
      "num_experts_per_tok": 8, "num_hidden_layers": 61, "num_nextn_predict_layers": 1,
      "q_lora_rank": 1536, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
      "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": 129280,
      "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]}})"},
    TestConfig{
        "gemma-4-26b-a4b",
        R"({"model_type": "gemma4", "text_config": {
      "model_type": "gemma4_text", "attention_k_eq_v": true, "dtype": "bfloat16",
      "enable_moe_block": true, "global_head_dim": 512, "head_dim": 256,
      "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 2816, "hidden_size_per_layer_input": 0,
      "intermediate_size": 2112, "layer_types": [)"
        R"("sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "full_attention",
         "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "full_attention",
         "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "full_attention",
         "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "full_attention",
         "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "sliding_attention", "full_attention"],)"
        R"("moe_intermediate_size": 704, "num_attention_heads": 16, "num_experts": 128,
      "num_global_key_value_heads": 2, "num_hidden_layers": 30, "num_key_value_heads": 8,
      "num_kv_shared_layers": 0, "sliding_window": 1024, "tie_word_embeddings": true,
      "top_k_experts": 8, "vocab_size": 262144}})"},
    TestConfig{"minimax-m2.7", R"({"model_type": "minimax_m2", "dtype": "bfloat16", "head_dim": 128,
      "hidden_act": "silu", "hidden_size": 3072, "intermediate_size": 1536,
      "mtp_transformer_layers": 1, "num_attention_heads": 48, "num_experts_per_tok": 8,
      "num_hidden_layers": 62, "num_key_value_heads": 8, "num_local_experts": 256,
      "num_mtp_modules": 3, "shared_intermediate_size": 0, "tie_word_embeddings": false,
      "vocab_size": 200064, "quantization_config": {"quant_method": "fp8",
        "weight_block_size": [128, 128],
        "modules_to_not_convert": ["gate", "e_score_correction_bias", "lm_head"]}})"},
};

// MiMo-V2-Flash, whose layers are listed one by one: 48, of which 0, 5, 11, 17, ..., 47 are full.
inline std::string mimo_config() {
  std::string pattern;
  std::string sparse;
  for (int i = 0; i < 48; ++i) {
    const bool full = i == 0 || i % 6 == 5;
    pattern += full ? "0" : "1";
    sparse += i == 0 ? "0" : "1";
    if (i < 47) pattern += ",", sparse += ",";
  }
  return R"({"model_type": "mimo_v2_flash", "num_hidden_layers": 48, "hidden_size": 4096,
    "num_attention_heads": 64, "num_key_value_heads": 4, "head_dim": 192, "v_head_dim": 128,
    "intermediate_size": 16384, "vocab_size": 152576, "sliding_window": 128,
    "attention_chunk_size": 128, "swa_num_attention_heads": 64, "swa_num_key_value_heads": 8,
    "swa_head_dim": 192, "swa_v_head_dim": 128, "hybrid_layer_pattern": [)" +
         pattern + R"(], "moe_layer_freq": [)" + sparse +
         R"(], "moe_intermediate_size": 2048, "n_routed_experts": 256, "n_shared_experts": null,
    "num_experts_per_tok": 8, "hidden_act": "silu", "tie_word_embeddings": false,
    "torch_dtype": "bfloat16", "quantization_config": {"quant_method": "fp8",
      "weight_block_size": [128, 128]}})";
}

}  // namespace assay::model

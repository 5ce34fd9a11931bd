// SPDX-License-Identifier: Apache-2.0
#include "assay/model/mixer_reader.hpp"

#include <fmt/format.h>

namespace assay::model {
namespace {

constexpr Range kHeads{1, 1 << 14};
constexpr Range kDim{1, 1 << 16};
constexpr Range kWindow{1, 1 << 30};

int read_heads(ConfigTable& config, const Family& family) {
  const Names names{"num_attention_heads", "n_head", "n_heads", "num_heads"};
  if (!config.get(names) && family.heads) return *family.heads;
  return config.need_whole(names, kHeads);
}

int read_kv_heads(ConfigTable& config, const Family& family, int heads) {
  // Falcon's first generation and GPT-BigCode: one head of keys and values, whatever num_kv_heads.
  const bool grouped = config.flag({"new_decoder_architecture"}).value_or(false);
  if (!grouped && config.flag({"multi_query"}).value_or(false)) return 1;
  const Names names{"num_key_value_heads", "num_kv_heads", "n_head_kv", "n_kv_heads",
                    "multi_query_group_num"};
  if (const auto said = config.whole(names, kHeads)) return *said;
  if (auto inner = config.table("attn_config")) {
    if (const auto heads_inside = inner->whole({"kv_n_heads"}, kHeads)) return *heads_inside;
  }
  if (!family.known) return config.need_whole(names, kHeads);
  // Known classes where no key says so: each head has its own, multi-head attention.
  return family.kv_heads.value_or(heads);
}

int read_head_dim(ConfigTable& config, const Family& family, int heads, int hidden) {
  const Names names{"head_dim", "attention_head_dim", "kv_channels"};
  if (const auto dim = config.whole(names, kDim)) return *dim;
  if (family.head_dim) return *family.head_dim;
  if (!family.known) return config.need_whole(names, kDim);
  if (hidden % heads != 0) {
    config.fail(fmt::format("head_dim is missing, and hidden_size {} is no multiple of {} heads",
                            hidden, heads));
  }
  return hidden / heads;
}

// Keys that speak of the full layers of a model that also has windowed ones (Gemma 4).
void apply_global_keys(ConfigTable& config, GroupedAttention& a) {
  if (const auto dim = config.whole({"global_head_dim"}, kDim)) {
    a.key_dim = *dim;
    a.value_dim = *dim;
  }
  if (const auto n = config.whole({"num_global_key_value_heads"}, kHeads)) a.kv_heads = *n;
  a.shared_kv = config.flag({"attention_k_eq_v"}).value_or(false);
}

// Keys that speak of the windowed layers of a model that also has full ones (MiMo-V2).
void apply_window_keys(ConfigTable& config, GroupedAttention& a) {
  if (const auto n = config.whole({"swa_num_attention_heads"}, kHeads)) a.heads = *n;
  if (const auto n = config.whole({"swa_num_key_value_heads"}, kHeads)) a.kv_heads = *n;
  if (const auto dim = config.whole({"swa_head_dim"}, kDim)) {
    a.key_dim = *dim;
    a.value_dim = *dim;
  }
  if (const auto dim = config.whole({"swa_v_head_dim"}, kDim)) a.value_dim = *dim;
}

GroupedAttention read_grouped(ConfigTable& config, const Family& family, MixerKind kind, bool mixed,
                              int hidden) {
  GroupedAttention out;
  out.heads = read_heads(config, family);
  out.kv_heads = read_kv_heads(config, family, out.heads);
  out.key_dim = read_head_dim(config, family, out.heads, hidden);
  out.value_dim = config.whole({"v_head_dim"}, kDim).value_or(out.key_dim);
  out.output_gate = config.flag({"attn_output_gate"}).value_or(family.output_gate);
  if (kind == MixerKind::full) {
    if (mixed) apply_global_keys(config, out);
  } else {
    if (mixed) apply_window_keys(config, out);
    out.window =
        kind == MixerKind::chunked
            ? config.need_whole({"attention_chunk_size"}, kWindow)
            : config.need_whole({"sliding_window", "sliding_window_size", "window_size"}, kWindow);
  }
  if (config.ok() && (out.kv_heads > out.heads || out.heads % out.kv_heads != 0)) {
    config.fail(fmt::format("{} attention heads cannot share {} heads of keys and values",
                            out.heads, out.kv_heads));
  }
  return out;
}

LatentAttention read_latent(ConfigTable& config) {
  LatentAttention out;
  out.heads = config.need_whole({"num_attention_heads"}, kHeads);
  out.query_rank = config.whole({"q_lora_rank"}, {0, 1 << 16}).value_or(0);
  out.kv_rank = config.need_whole({"kv_lora_rank"}, kDim);
  out.nope_dim = config.need_whole({"qk_nope_head_dim"}, kDim);
  out.rope_dim = config.need_whole({"qk_rope_head_dim"}, kDim);
  out.value_dim = config.need_whole({"v_head_dim"}, kDim);
  if (config.get({"index_n_heads", "index_topk", "index_head_dim"}) != nullptr) {
    out.index_heads = config.need_whole({"index_n_heads"}, kHeads);
    out.index_dim = config.need_whole({"index_head_dim"}, kDim);
    out.index_topk = config.need_whole({"index_topk"}, kWindow);
  }
  return out;
}

Dtype state_dtype(ConfigTable& config) {
  const auto word = config.text({"mamba_ssm_dtype", "mamba_ssm_cache_dtype"});
  if (!word || *word == "float32" || *word == "auto") return Dtype::fp32;
  if (*word == "bfloat16") return Dtype::bf16;
  if (*word == "float16") return Dtype::fp16;
  config.fail("mamba_ssm_dtype is none of float32, bfloat16 and float16");
  return Dtype::fp32;
}

LinearAttention read_delta(ConfigTable& config) {
  LinearAttention out;
  out.key_heads = config.need_whole({"linear_num_key_heads"}, kHeads);
  out.value_heads = config.need_whole({"linear_num_value_heads"}, kHeads);
  out.key_dim = config.need_whole({"linear_key_head_dim"}, kDim);
  out.value_dim = config.need_whole({"linear_value_head_dim"}, kDim);
  out.conv_kernel = config.need_whole({"linear_conv_kernel_dim"}, {0, 1024});
  out.state = state_dtype(config);
  return out;
}

// MiniMax-01 (arXiv:2501.08313): as many heads of queries, keys and values as its softmax layers,
// and an output gate.
LinearAttention read_lightning(ConfigTable& config, const Family& family, int hidden) {
  LinearAttention out;
  out.key_heads = read_heads(config, family);
  out.value_heads = out.key_heads;
  out.key_dim = read_head_dim(config, family, out.key_heads, hidden);
  out.value_dim = out.key_dim;
  out.head_gates = 0;
  return out;
}

LinearAttention read_mamba(ConfigTable& config, int hidden) {
  LinearAttention out;
  if (config.get({"mamba_dt_rank", "time_step_rank"}) != nullptr &&
      config.get({"mamba_n_heads", "mamba_num_heads", "num_heads"}) == nullptr) {
    config.fail(
        "mamba_dt_rank or time_step_rank without mamba_n_heads says a Mamba-1 layer, which is "
        "not known here");
    return out;
  }
  const bool pure = config.text({"model_type"}) == "mamba2";
  out.value_heads = pure ? config.need_whole({"num_heads"}, kHeads)
                         : config.need_whole({"mamba_n_heads", "mamba_num_heads"}, kHeads);
  const Names names{"mamba_d_head", "mamba_head_dim"};
  const JsonNode* dim = config.get(names);
  if (pure) {
    out.value_dim = config.need_whole({"head_dim"}, kDim);
  } else if (dim != nullptr && dim->kind == JsonNode::Kind::string && dim->text == "auto") {
    out.value_dim = config.need_whole({"mamba_expand"}, {1, 64}) * hidden / out.value_heads;
  } else {
    out.value_dim = config.need_whole(names, kDim);
  }
  out.key_heads = config.need_whole({"mamba_n_groups", "n_groups", "mamba_ngroups"}, kHeads);
  out.key_dim = config.need_whole({"mamba_d_state", "ssm_state_size", "state_size"}, kDim);
  out.conv_kernel = config.need_whole({"mamba_d_conv", "conv_kernel"}, {0, 1024});
  out.state = state_dtype(config);
  out.head_gates = 1;
  return out;
}

}  // namespace

Mixer read_mixer(ConfigTable& config, const Family& family, MixerKind kind, bool mixed,
                 int hidden) {
  switch (kind) {
    case MixerKind::delta: return read_delta(config);
    case MixerKind::lightning: return read_lightning(config, family, hidden);
    case MixerKind::mamba: return read_mamba(config, hidden);
    case MixerKind::full:
    case MixerKind::sliding:
    case MixerKind::chunked: break;
  }
  if (config.get("kv_lora_rank") == nullptr)
    return read_grouped(config, family, kind, mixed, hidden);
  if (kind != MixerKind::full) config.fail("kv_lora_rank with a window is not known here");
  return read_latent(config);
}

}  // namespace assay::model

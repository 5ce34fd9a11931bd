// SPDX-License-Identifier: Apache-2.0
#include "assay/model/family.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace assay::model {
namespace {

struct Row {
  std::string_view type;
  Family family;
};

constexpr Family kGated{.known = true, .gated = true};
constexpr Family kGatedTied{.known = true, .tied = true, .gated = true};
constexpr Family kPlain{.known = true, .gated = false};
constexpr Family kPlainTied{.known = true, .tied = true, .gated = false};
constexpr Family kPlainTiedFourfold{.known = true, .tied = true, .gated = false, .fourfold = true};
constexpr Family kPlainFourfold{.known = true, .gated = false, .fourfold = true};

constexpr std::array kExact{
    Row{"gpt2", kPlainTiedFourfold},
    Row{"gpt_bigcode", kPlainTiedFourfold},
    Row{"gptj", kPlainFourfold},
    Row{"codegen", kPlainFourfold},
    Row{"gpt_neo", kPlainTiedFourfold},
    Row{"gpt_neox", kPlain},
    Row{"opt", kPlainTied},
    Row{"bloom", kPlainTiedFourfold},
    Row{"falcon", kPlainTiedFourfold},
    Row{"mpt", kPlainTiedFourfold},
    Row{"phi", kPlain},
    Row{"persimmon", kPlain},
    Row{"starcoder2", Family{.known = true, .tied = true, .gated = false, .all_windowed = true}},
    Row{"nemotron", kPlain},
    Row{"nemotron_h", kPlain},
    Row{"arcee", kPlain},
    Row{"apertus", kPlain},
    Row{"dbrx", kGated},
    Row{"chatglm", kGated},
    Row{"mamba2", Family{.known = true, .gated = true}},
    Row{"qwen", Family{.known = true, .gated = true, .half_intermediate = true}},
    Row{"qwen3_next", Family{.known = true, .gated = true, .output_gate = true}},
    Row{"afmoe", Family{.known = true, .gated = true, .output_gate = true}},
    Row{"gemma", Family{.known = true, .tied = true, .gated = true, .head_dim = 256}},
    Row{"gemma2",
        Family{.known = true, .tied = true, .gated = true, .full_every = 2, .head_dim = 256}},
    Row{"gemma3_text", Family{.known = true,
                              .tied = true,
                              .gated = true,
                              .full_every = 6,
                              .vocab = 262'208,
                              .heads = 8,
                              .kv_heads = 4,
                              .head_dim = 256}},
    Row{"gemma4_text", kGatedTied},
    Row{"cohere", kGatedTied},
    Row{"cohere2", Family{.known = true, .tied = true, .gated = true, .full_every = 4}},
    Row{"gpt_oss", Family{.known = true, .gated = true, .full_every = 2}},
    Row{"llama4_text", Family{.known = true, .gated = true, .full_every = 4}},
};

// Families whose feed-forwards are gated (SiLU by default) whatever their generation's suffix.
constexpr std::array<std::string_view, 34> kGatedPrefixes{
    "llama", "mistral",  "ministral", "mixtral", "qwen",         "deepseek", "glm",
    "kimi",  "minimax",  "mimo",      "olmo",    "granite",      "phi3",     "phimoe",
    "yi",    "internlm", "baichuan",  "exaone",  "hunyuan",      "ernie",    "dots",
    "step",  "seed_oss", "bailing",   "longcat", "smollm",       "stablelm", "jamba",
    "bamba", "minicpm",  "solar",     "gpt_oss", "nemotron-nas", "flex_olmo"};

// Of them, those whose experts are intermediate_size wide, and those with a window in every layer.
constexpr std::array<std::string_view, 13> kWideExperts{
    "mixtral", "gpt_oss",   "llama4",  "minimax", "phimoe", "jamba", "granite",
    "olmoe",   "flex_olmo", "hunyuan", "grok",    "arctic", "jetmoe"};
constexpr std::array<std::string_view, 3> kAllWindowed{"mistral", "mixtral", "phi"};

template <std::size_t N>
bool starts(std::string_view model_type, const std::array<std::string_view, N>& prefixes) {
  return std::ranges::any_of(
      prefixes, [&](std::string_view prefix) { return model_type.starts_with(prefix); });
}

// Classes whose name does not begin as their model_type does.
constexpr std::array<std::string_view, 4> kOtherNames{"decilm", "rwforcausal", "gemma3for",
                                                      "llama4for"};

}  // namespace

std::string plain_class(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

bool is_known_architecture(std::string_view name) {
  const std::string word = plain_class(name);
  const auto begins = [&](std::string_view prefix) {
    return word.starts_with(plain_class(prefix));
  };
  const auto of_type = [&](const Row& row) {
    std::string_view type = row.type;
    if (type.ends_with("_text")) type.remove_suffix(5);
    return begins(type);
  };
  return std::ranges::any_of(kExact, of_type) || std::ranges::any_of(kGatedPrefixes, begins) ||
         std::ranges::any_of(kOtherNames, begins);
}

Family family_of(std::string_view model_type) {
  const auto exact = std::ranges::find(kExact, model_type, &Row::type);
  Family out;
  if (exact != kExact.end()) {
    out = exact->family;
  } else if (starts(model_type, kGatedPrefixes)) {
    out = kGated;
  }
  out.wide_experts = starts(model_type, kWideExperts);
  out.all_windowed = out.all_windowed || starts(model_type, kAllWindowed);
  return out;
}

}  // namespace assay::model

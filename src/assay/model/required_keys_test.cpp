// SPDX-License-Identifier: Apache-2.0
#include "assay/model/required_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "assay/model/config_reader.hpp"
#include "assay/model/test_configs.hpp"

namespace assay::model {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

std::string_view config_of(std::string_view id) {
  for (const TestConfig& config : kTestConfigs) {
    if (config.id == id) return config.json;
  }
  ADD_FAILURE() << id;
  return "{}";
}

// What reading says of a config without some of its keys.
std::string without(std::string_view id, std::initializer_list<const char*> keys) {
  Json config = Json::parse(config_of(id));
  for (const char* key : keys) EXPECT_EQ(config.erase(key), 1U) << key;
  const auto model = read_config("c", config.dump());
  return model ? "accepted" : model.error().message;
}

TEST(RequiredKeys, AreNamedWhereTheyAreMissing) {
  const auto names = [](std::string_view what) { return HasSubstr(std::string(what)); };
  for (const char* key :
       {"n_routed_experts", "n_shared_experts", "first_k_dense_replace", "moe_intermediate_size",
        "kv_lora_rank", "q_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim"}) {
    EXPECT_THAT(without("deepseek-r1", {key}), names(std::string(key) + " is missing"));
  }
  EXPECT_THAT(without("gpt-oss-20b", {"num_local_experts"}), names("num_local_experts is missing"));
  EXPECT_THAT(without("gpt-oss-20b", {"head_dim"}), names("head_dim is missing"));
  EXPECT_THAT(without("qwen3-30b-a3b", {"num_experts"}), names("num_experts is missing"));
  EXPECT_THAT(without("qwen3-8b", {"head_dim"}), names("head_dim is missing"));
  EXPECT_THAT(without("mixtral-8x7b", {"num_local_experts"}),
              names("num_local_experts is missing"));
}

// With no trace of a feature left, the class still tells.
TEST(RequiredKeys, TheClassCallsForThem) {
  EXPECT_THAT(without("mixtral-8x7b", {"num_local_experts", "num_experts_per_tok"}),
              HasSubstr("num_local_experts is missing"));
  EXPECT_THAT(without("deepseek-r1", {"kv_lora_rank", "q_lora_rank", "qk_nope_head_dim",
                                      "qk_rope_head_dim", "v_head_dim"}),
              HasSubstr("kv_lora_rank, q_lora_rank, qk_nope_head_dim, qk_rope_head_dim, "
                        "v_head_dim are missing"));
  const auto named = read_config("c", R"({"architectures": ["MixtralForCausalLM"],
      "hidden_act": "silu", "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 8,
      "num_key_value_heads": 8, "head_dim": 8, "num_hidden_layers": 2, "vocab_size": 100,
      "tie_word_embeddings": false})");
  ASSERT_FALSE(named);
  EXPECT_THAT(named.error().message, HasSubstr("num_local_experts is missing"));
}

// With no class, the other keys still tell, and what a known class would settle is asked for.
TEST(RequiredKeys, TheOtherKeysCallForThem) {
  EXPECT_THAT(without("qwen3-30b-a3b", {"model_type", "num_experts"}),
              HasSubstr("num_experts is missing"));
  EXPECT_THAT(without("llama-3.1-8b", {"model_type"}), HasSubstr("head_dim is missing"));
  EXPECT_THAT(without("qwen3-8b", {"model_type", "tie_word_embeddings"}),
              HasSubstr("tie_word_embeddings is missing"));
}

TEST(RequiredKeys, ANullSaysThatThereIsNone) {
  Json config = Json::parse(config_of("deepseek-r1"));
  config["n_shared_experts"] = nullptr;
  config["q_lora_rank"] = nullptr;
  const auto model = read_config("c", config.dump());
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(std::get<LatentAttention>(model->layers.at(0).layer.mixer).query_rank, 0);
}

// Keys whose class has a default that transformers documents, and that is not the model's value.
bool documented_default(std::string_view id, std::string_view key) {
  // LlamaConfig: as many heads of keys and values as of queries.
  return key == "num_key_value_heads" && id.starts_with("llama-3");
}

struct Totals {
  double all, active, kv;
  bool operator==(const Totals&) const = default;
};

Totals totals(const Model& model) {
  return {parameters(model).total(), active_parameters(model), kv_bytes(model, 20'000)};
}

void each_key_counts(std::string_view id, std::string_view text) {
  const auto whole = read_config(id, text);
  ASSERT_TRUE(whole) << whole.error().message;
  const Json config = Json::parse(text);
  const bool wrapped = config.contains("text_config");
  const Json& inner = wrapped ? config["text_config"] : config;
  std::set<std::pair<bool, std::string>> keys;
  for (const auto& row : config.items()) keys.emplace(false, row.key());
  for (const auto& row : inner.items()) keys.emplace(wrapped, row.key());
  for (const auto& [deep, key] : keys) {
    if (documented_default(id, key)) continue;
    Json less = config;
    (deep ? less["text_config"] : less).erase(key);
    const auto model = read_config(id, less.dump());
    if (!model) continue;
    EXPECT_EQ(totals(*model), totals(*whole)) << id << " without " << key;
  }
}

// A config that lost a key is refused, or that key said nothing new: never another model.
TEST(RequiredKeys, NoLostKeyMakesAnotherModel) {
  for (const TestConfig& config : kTestConfigs) each_key_counts(config.id, config.json);
  each_key_counts("mimo-v2-flash", mimo_config());
}

}  // namespace
}  // namespace assay::model

// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "assay/model/config_reader.hpp"

// What is no config, or one that is not known here: a clear error each, never a guess.
namespace assay::model {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string refusal(std::string_view json) {
  const auto model = read_config("x/config.json", json);
  if (model) return "accepted";
  EXPECT_EQ(model.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(model.error().message, StartsWith("x/config.json: "));
  return model.error().message;
}

// A sound llama with one key set to something else.
std::string with(std::string_view key, std::string_view value) {
  std::string text = R"({"model_type": "llama", "hidden_size": 64, "intermediate_size": 128, )"
                     R"("num_attention_heads": 8, "num_hidden_layers": 4, "vocab_size": 100})";
  const std::string quoted_key = "\"" + std::string(key) + "\": ";
  const std::size_t at = text.find(quoted_key);
  if (at == std::string::npos) {
    text.pop_back();
    return text + ", " + quoted_key + std::string(value) + "}";
  }
  const std::size_t from = at + quoted_key.size();
  return text.replace(from, text.find_first_of(",}", from) - from, value);
}

TEST(ConfigErrors, TheBaseIsSound) { EXPECT_EQ(refusal(with("use_cache", "true")), "accepted"); }

TEST(ConfigErrors, NoJson) {
  EXPECT_THAT(refusal(""), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal("{\"hidden_size\": "), HasSubstr("not valid JSON at byte"));
  EXPECT_THAT(refusal("\xff\xfe{}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal("[1, 2]"), HasSubstr("an array, where a config's object belongs"));
  EXPECT_THAT(refusal("null"), HasSubstr("null, where a config's object belongs"));
  EXPECT_THAT(refusal("{}"), HasSubstr("hidden_size is missing"));
}

TEST(ConfigErrors, NumbersOutOfRange) {
  for (const std::string_view bad :
       {"0", "-1", "1e9", "1000000000", "1e400", "99999999999999999999", "1.5"}) {
    EXPECT_NE(refusal(with("num_hidden_layers", bad)), "accepted") << bad;
    EXPECT_NE(refusal(with("hidden_size", bad)), "accepted") << bad;
    EXPECT_NE(refusal(with("vocab_size", bad)), "accepted") << bad;
    EXPECT_NE(refusal(with("num_attention_heads", bad)), "accepted") << bad;
    EXPECT_NE(refusal(with("head_dim", bad)), "accepted") << bad;
    EXPECT_NE(refusal(with("intermediate_size", bad)), "accepted") << bad;
  }
  EXPECT_THAT(
      refusal(with("num_hidden_layers", "1000000000")),
      HasSubstr("num_hidden_layers is 1000000000, where a whole number from 1 to 4096 belongs"));
}

TEST(ConfigErrors, WrongKinds) {
  EXPECT_THAT(refusal(with("hidden_size", "\"64\"")),
              HasSubstr("hidden_size is \"64\", where a whole number belongs"));
  EXPECT_THAT(refusal(with("hidden_size", "NaN")), HasSubstr("hidden_size is \"NaN\""));
  EXPECT_THAT(refusal(with("hidden_size", "-Infinity")), HasSubstr("hidden_size is \"-Infinity\""));
  EXPECT_THAT(refusal(with("hidden_size", "[64]")), HasSubstr("hidden_size is an array"));
  EXPECT_THAT(refusal(with("hidden_size", "true")), HasSubstr("hidden_size is true or false"));
  EXPECT_THAT(refusal(with("hidden_size", "null")), HasSubstr("hidden_size is missing"));
  EXPECT_THAT(refusal(with("layer_types", "\"full\"")), HasSubstr("a list of strings belongs"));
  EXPECT_THAT(refusal(with("num_key_value_heads", "[2, 2, 4, 4]")),
              HasSubstr("num_key_value_heads is an array"));
  EXPECT_THAT(refusal(with("quantization_config", "3")), HasSubstr("an object belongs"));
}

TEST(ConfigErrors, ThingsThatDoNotFitTogether) {
  EXPECT_THAT(refusal(with("num_attention_heads", "7")),
              HasSubstr("head_dim is missing, and hidden_size 64 is no multiple of 7"));
  EXPECT_THAT(refusal(with("num_key_value_heads", "3")),
              HasSubstr("8 attention heads cannot share 3 heads"));
  EXPECT_THAT(refusal(with("layer_types", R"(["full_attention"])")),
              HasSubstr("1 entries for 4 layers"));
  EXPECT_THAT(
      refusal(
          with("layer_types",
               R"(["full_attention", "full_attention", "full_attention", "sliding_attention"])")),
      HasSubstr("sliding_window is missing"));
  EXPECT_THAT(refusal(with("num_experts", "4")), HasSubstr("num_experts_per_tok is missing"));
  EXPECT_THAT(refusal(with("num_experts\": 4, \"num_experts_per_tok", "5")),
              HasSubstr("from 1 to 4"));
  EXPECT_THAT(refusal(with("kv_lora_rank", "512")),
              HasSubstr("q_lora_rank, qk_nope_head_dim, qk_rope_head_dim, v_head_dim are missing"));
}

TEST(ConfigErrors, NameAnArchitectureThatIsNotKnown) {
  EXPECT_THAT(refusal(with("architectures", R"(["OddForCausalLM"], "kv_lora_rank": 512)")),
              AllOf(HasSubstr("missing"), HasSubstr("architectures says \"OddForCausalLM\"")));
}

TEST(ConfigErrors, StructuresThatAreNotKnown) {
  EXPECT_THAT(refusal(with("layer_types", R"(["full_attention", "conv", "conv", "conv"])")),
              HasSubstr("a layer of type \"conv\", which is not known here"));
  EXPECT_THAT(refusal(with("is_encoder_decoder", "true")),
              HasSubstr("is_encoder_decoder says an encoder"));
  EXPECT_THAT(refusal(with("num_kv_shared_layers", "10")), HasSubstr("keys and values of others"));
  EXPECT_EQ(refusal(with("num_kv_shared_layers", "0")), "accepted");
  EXPECT_THAT(refusal(with("cla_share_factor", "2")), HasSubstr("keys and values of others"));
  EXPECT_EQ(refusal(with("use_cla\": false, \"cla_share_factor", "2")), "accepted");
  EXPECT_THAT(refusal(with("mamba_d_state", "16")), HasSubstr("layer_types is missing"));
  EXPECT_THAT(refusal(with("mamba_dt_rank", "16")), HasSubstr("Mamba-1"));
  EXPECT_THAT(refusal(with("rwkv_version", "7")), HasSubstr("rwkv_version says a structure"));
  EXPECT_THAT(refusal(with("block_configs", R"([{"a": 1}])")),
              HasSubstr("blocks that differ one by one"));
  EXPECT_THAT(refusal(with("attention_chunk_size", "8192")),
              HasSubstr("no_rope_layers is missing"));
  EXPECT_THAT(refusal(with("linear_num_value_heads", "8")),
              HasSubstr("full_attention_interval is missing"));
  EXPECT_THAT(refusal(with("hybrid_override_pattern", "\"MXM-\"")),
              HasSubstr("a letter other than"));
  EXPECT_THAT(refusal(with("model_type", "\"mystery\"")), HasSubstr("hidden_act is missing"));
  EXPECT_THAT(refusal(R"({"hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 8,
    "num_hidden_layers": 4, "vocab_size": 100, "hidden_act": "gelu"})"),
              HasSubstr("hidden_act \"gelu\" does not tell"));
}

TEST(ConfigErrors, KeysGivenTwice) {
  EXPECT_THAT(refusal(R"({"hidden_size": 64, "hidden_size": 128})"),
              HasSubstr("\"hidden_size\" is there twice"));
}

TEST(ConfigErrors, BombsAreRefusedFast) {
  EXPECT_THAT(refusal(std::string(100'000, '[')), HasSubstr("nested deeper than 64"));
  std::string deep;
  for (int i = 0; i < 50'000; ++i) deep += "{\"a\":";
  EXPECT_THAT(refusal(deep), HasSubstr("nested deeper than 64"));
  EXPECT_THAT(refusal(std::string(100'000'000, ' ')), HasSubstr("100000000 bytes"));
  std::string wide = "[0";
  for (int i = 0; i < 300'000; ++i) wide += ",0";
  EXPECT_THAT(refusal(wide + "]"), HasSubstr("more than 200000 values"));
}

TEST(ConfigErrors, MessagesCannotDriveATerminal) {
  const std::string message = refusal(with("layer_types", R"(["\u001b[31m", "a", "b", "c"])"));
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
  EXPECT_THAT(message, HasSubstr("\\x1b"));
}

}  // namespace
}  // namespace assay::model

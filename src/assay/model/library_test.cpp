// SPDX-License-Identifier: Apache-2.0
#include "assay/model/library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "assay/model/config_reader.hpp"
#include "assay/model/test_configs.hpp"

namespace assay::model {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Library& library() {
  static const Library kLibrary = [] {
    auto read = embedded_library();
    EXPECT_TRUE(read) << read.error().message;
    return read ? *std::move(read) : Library();
  }();
  return kLibrary;
}

TEST(Library, EveryFileThatShipsIsClean) {
  std::string all;
  for (const Error& error : Library::check(embedded_model_files())) all += error.message + "\n";
  EXPECT_EQ(all, "");
}

// The dimensions must add up to what the makers publish. Some leave the embedding out of the active
// parameters and some do not.
TEST(Library, DimensionsAddUpToThePublishedTotals) {
  int compared = 0;
  for (const Entry& entry : library().all()) {
    if (!entry.published) continue;
    const Parameters all = parameters(entry.model);
    EXPECT_NEAR(all.total() / entry.published->parameters, 1, 0.013) << entry.id;
    if (!entry.published->active) continue;
    const double active = active_parameters(entry.model);
    const double without = std::abs(active / *entry.published->active - 1);
    const double with = std::abs((active + all.embedding) / *entry.published->active - 1);
    EXPECT_LT(std::min(without, with), 0.045) << entry.id << " " << active;
    ++compared;
  }
  EXPECT_GE(compared, 12);
}

// A file and the config that it was taken from say the same, though two readers read them.
TEST(Library, FilesAgreeWithConfigs) {
  const auto same = [](std::string_view id, std::string_view json) {
    const auto file = library().find(id);
    const auto config = read_config(id, json);
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_DOUBLE_EQ(parameters(*file).total(), parameters(*config).total()) << id;
    EXPECT_DOUBLE_EQ(active_parameters(*file), active_parameters(*config)) << id;
    EXPECT_NEAR(weight_bytes(*file) / weight_bytes(*config), 1, 3e-4) << id;
    EXPECT_DOUBLE_EQ(kv_bytes_per_token(*file), kv_bytes_per_token(*config)) << id;
    EXPECT_DOUBLE_EQ(kv_bytes(*file, 20'000), kv_bytes(*config, 20'000)) << id;
    EXPECT_EQ(file->layer_count(), config->layer_count()) << id;
    EXPECT_EQ(file->draft_layers, config->draft_layers) << id;
  };
  for (const TestConfig& config : kTestConfigs) same(config.id, config.json);
  same("mimo-v2-flash", mimo_config());
}

TEST(Library, FindsByIdAliasAndBareName) {
  for (const std::string_view name :
       {"llama-3.1-8b", "LLAMA-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct",
        "meta-llama/meta_llama-3.1-8B", "someone/Llama-3.1-8B", "Llama-3.1-8B-Instruct"}) {
    const Entry* entry = library().entry(name);
    ASSERT_NE(entry, nullptr) << name;
    EXPECT_EQ(entry->id, "llama-3.1-8b") << name;
  }
}

TEST(Library, AVariantIsTheModelAtItsPrecision) {
  const auto own = library().find("qwen3-235b-a22b");
  const auto fp8 = library().find("Qwen/Qwen3-235B-A22B-FP8");
  ASSERT_TRUE(own);
  ASSERT_TRUE(fp8) << fp8.error().message;
  EXPECT_EQ(own->quantization.weights, Dtype::bf16);
  EXPECT_EQ(fp8->quantization.weights, Dtype::fp8);
  EXPECT_NEAR(weight_bytes(*fp8) / weight_bytes(*own), 0.503, 0.001);
}

TEST(Library, ATypoGetsTheNearestNames) {
  const auto found = library().find("lama-3.1-8b");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::not_found);
  EXPECT_THAT(found.error().message, HasSubstr("did you mean llama-3.1-8b"));
  EXPECT_THAT(library().nearest("qwen3-32", 1), ElementsAre("qwen3-32b"));
  EXPECT_FALSE(library().find(""));
  EXPECT_FALSE(library().find(std::string(100'000, 'x')));
}

TEST(Library, AddedModelsAreFoundAndReplaceTheirLike) {
  Library own;
  own.add("org/Mine", Model{.hidden = 1});
  own.add("org/mine", Model{.hidden = 2});
  ASSERT_TRUE(own.find("ORG/mine"));
  EXPECT_EQ(own.find("org/Mine")->hidden, 2);
  EXPECT_EQ(own.all().size(), 1U);
}

constexpr std::string_view kFile = R"(id = "toy"
name = "Toy"
hidden = 8
vocab = 10
[[layers]]
count = 2
attention = {kind = "grouped", heads = 2, kv_heads = 1, head_dim = 4}
feed_forward = {intermediate = 16, gated = false}
[source]
title = "t"
url = "u"
date = "2026-01"
confidence = "verified"
)";

Result<Library> parse(std::string text) {
  const std::array files{text::NamedText{"models/toy.toml", text}};
  return Library::parse(files);
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kFile);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Library, ReadsAFile) {
  const auto parsed = parse(std::string(kFile));
  ASSERT_TRUE(parsed) << parsed.error().message;
  const Model& model = parsed->all()[0].model;
  // By hand: 2 x (8 x (8 + 4 + 4 + 8) + 2 x 8 x 16) + 2 x 80.
  EXPECT_EQ(parameters(model).total(), 2 * (192 + 256) + 160);
  EXPECT_EQ(kv_bytes_per_token(model), 2 * 8 * 2);
}

TEST(Library, RefusesWithFileAndLine) {
  const auto refused = [](const std::string& text) {
    const auto parsed = parse(text);
    return parsed ? std::string("accepted") : parsed.error().message;
  };
  EXPECT_THAT(refused(replaced("hidden = 8", "hiden = 8")), HasSubstr("models/toy.toml"));
  EXPECT_THAT(refused(replaced("vocab = 10", "vocab = 10\nhiden = 3")),
              HasSubstr("models/toy.toml:5: unknown key \"hiden\": did you mean \"hidden\"?"));
  EXPECT_THAT(refused(replaced("count = 2", "count = 0")), HasSubstr("must be above 0"));
  EXPECT_THAT(refused(replaced("count = 2", "count = 9999")), HasSubstr("more than 4096 layers"));
  EXPECT_THAT(refused(replaced("heads = 2,", "heads = 3, window = 1.5,")),
              HasSubstr("whole number"));
  EXPECT_THAT(refused(replaced("kv_heads = 1", "kv_heads = 3")), HasSubstr("no multiple"));
  EXPECT_THAT(refused(replaced("\"grouped\"", "\"mystery\"")),
              HasSubstr("grouped, latent or linear"));
  EXPECT_THAT(refused(replaced("2026-01", "soon")), HasSubstr("must read YYYY"));
  EXPECT_THAT(refused(replaced("confidence = \"verified\"\n", "")), HasSubstr("confidence"));
  EXPECT_THAT(refused(replaced("id = \"toy\"", "id = \"other\"")), HasSubstr("make them the same"));
}

TEST(Library, ANameBelongsToOneModel) {
  const std::string one(kFile);
  const std::string two = replaced("id = \"toy\"", "id = \"two\"\naliases = [\"TOY\"]");
  const std::array files{text::NamedText{"models/toy.toml", one},
                         text::NamedText{"models/two.toml", two}};
  const auto parsed = Library::parse(files);
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, HasSubstr("each belongs to one model"));
}

}  // namespace
}  // namespace assay::model

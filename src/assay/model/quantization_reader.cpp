// SPDX-License-Identifier: Apache-2.0
#include "assay/model/quantization_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "assay/model/exclusions.hpp"
#include "assay/text/toml_tree.hpp"

namespace assay::model {
namespace {

constexpr Range kGroup{-1, 1 << 16};
constexpr int kLeastGroup = 8;
constexpr double kScaleBits = 16;
constexpr double kBlockScaleBits = 32;
constexpr double kNvfp4Bits = 4 + 8.0 / 16;  // one e4m3 scale per 16 values
constexpr double kMxfp4Bits = 4 + 8.0 / 32;  // one e8m0 scale per 32 values (OCP MX 1.0)

void set(Quantization& q, Dtype weights, double bits, Dtype activations) {
  q.weights = weights;
  q.bits_per_weight = bits;
  q.activations = activations;
}

// One fp32 scale a block of weights, or one a matrix or row, which is next to nothing.
double fp8_bits(ConfigTable& config, std::string_view key) {
  const auto block = config.wholes({key}, {1, 1 << 16});
  if (!block || block->size() != 2) return 8;
  const double size = 1.0 * (*block)[0] * (*block)[1];
  if (size < kLeastGroup) {
    config.fail(fmt::format("{} is {} values, less than any known method shares a scale among",
                            config.place(key), size));
  }
  return 8 + kBlockScaleBits / size;
}

// How many values share a scale; nothing, 0 or -1: a whole row or matrix.
std::optional<int> read_group(ConfigTable& config, Names names) {
  const auto group = config.whole(names, kGroup);
  if (group && *group > 0 && *group < kLeastGroup) {
    config.fail(fmt::format("{} is {}, less than any known method shares a scale among",
                            config.place(*names.begin()), *group));
  }
  return group;
}

double grouped_bits(int bits, std::optional<int> group, double per_group) {
  return group && *group > 0 ? bits + per_group / *group : bits;
}

Dtype integer(ConfigTable& config, int bits) {
  if (bits == 4) return Dtype::int4;
  if (bits == 8) return Dtype::int8;
  config.fail(
      fmt::format("{} is {}: only 4 and 8 bits are known here", config.place("bits"), bits));
  return Dtype::int8;
}

// GPTQ and AWQ store a 16-bit scale and a zero point a group.
void read_grouped_integers(ConfigTable& config, Quantization& q) {
  const int bits = config.need_whole({"bits", "w_bit"}, {2, 8});
  const auto group = read_group(config, {"group_size", "q_group_size"});
  set(q, integer(config, bits), grouped_bits(bits, group, kScaleBits + bits), q.unquantized);
  q.lm_head = config.flag({"lm_head"}).value_or(false);
}

// NF4: one fp32 scale per 64 values, itself in 8 bits with double quantization (arXiv:2305.14314).
void read_bitsandbytes(ConfigTable& config, Quantization& q) {
  if (config.flag({"load_in_4bit", "_load_in_4bit"}).value_or(false)) {
    const bool twice = config.flag({"bnb_4bit_use_double_quant"}).value_or(false);
    set(q, Dtype::int4, twice ? 4 + 8.0 / 64 + 32.0 / (64 * 256) : 4 + 32.0 / 64, q.unquantized);
  } else if (config.flag({"load_in_8bit", "_load_in_8bit"}).value_or(false)) {
    set(q, Dtype::int8, 8, Dtype::int8);
  } else {
    config.fail("bitsandbytes with neither load_in_4bit nor load_in_8bit is not known here");
  }
}

struct Scheme {
  int bits = 8;
  bool floating = true;
  std::optional<int> group;
};

std::optional<Scheme> read_scheme(ConfigTable& group, std::string_view key) {
  auto scheme = group.table(key);
  if (!scheme) return std::nullopt;
  Scheme out;
  out.bits = scheme->need_whole({"num_bits"}, {2, 16});
  out.floating = scheme->text({"type"}).value_or("float") == "float";
  out.group = read_group(*scheme, {"group_size"});
  return out;
}

Dtype dtype_of(ConfigTable& config, const Scheme& scheme) {
  if (scheme.floating && scheme.bits == 8) return Dtype::fp8;
  if (scheme.floating && scheme.bits == 4) return Dtype::fp4;
  if (!scheme.floating) return integer(config, scheme.bits);
  config.fail(
      fmt::format("{} of {}-bit floats is not known here", config.place("weights"), scheme.bits));
  return Dtype::fp8;
}

// compressed-tensors and newer ModelOpt: config_groups, of which one is known here.
void read_groups(ConfigTable& config, Quantization& q) {
  auto groups = config.table("config_groups");
  if (!groups) return config.fail(config.place("config_groups") + " is missing");
  if (groups->node().children.size() != 1) {
    return config.fail(
        fmt::format("{} has {} groups: weights stored in more than one way are not known "
                    "here",
                    config.place("config_groups"), groups->node().children.size()));
  }
  auto group = groups->table(groups->node().children.front().key);
  if (!group) return config.fail(config.place("config_groups") + " is empty");
  const auto weights = read_scheme(*group, "weights");
  const auto inputs = read_scheme(*group, "input_activations");
  if (!weights) return config.fail(group->place("weights") + " is missing");
  double bits = weights->bits;
  if (auto table = group->table("weights")) {
    const bool symmetric = table->flag({"symmetric"}).value_or(true);
    const double zero = symmetric ? 0 : weights->bits;
    if (weights->floating && weights->bits == 8) bits = fp8_bits(*table, "block_structure");
    else if (weights->floating && weights->bits == 4)
      bits = weights->group == 32 ? kMxfp4Bits : kNvfp4Bits;
    else bits = grouped_bits(weights->bits, weights->group, kScaleBits + zero);
  }
  const Dtype activations = inputs && inputs->bits < 16 ? dtype_of(config, *inputs) : q.unquantized;
  set(q, dtype_of(config, *weights), bits, activations);
}

// NVIDIA ModelOpt's names.
void read_modelopt(ConfigTable& config, Quantization& q, std::string& method) {
  const auto algorithm = config.text({"quant_algo"});
  if (!algorithm) return read_groups(config, q);
  method += "/" + text::quoted(*algorithm);
  const auto group = read_group(config, {"group_size"});
  if (algorithm->starts_with("NVFP4")) return set(q, Dtype::fp4, kNvfp4Bits, Dtype::fp4);
  if (*algorithm == "FP8_PB_WO")
    return set(q, Dtype::fp8, 8 + kBlockScaleBits / (128 * 128), Dtype::fp8);
  if (algorithm->starts_with("FP8")) return set(q, Dtype::fp8, 8, Dtype::fp8);
  if (algorithm->starts_with("MXFP4")) return set(q, Dtype::fp4, kMxfp4Bits, q.unquantized);
  const double int4 = grouped_bits(4, group.value_or(128), kScaleBits);
  if (*algorithm == "W4A16_AWQ" || *algorithm == "W4A16_GPTQ")
    return set(q, Dtype::int4, int4, q.unquantized);
  if (algorithm->starts_with("W4A8")) return set(q, Dtype::int4, int4, Dtype::fp8);
  if (algorithm->starts_with("W8A8")) return set(q, Dtype::int8, 8, Dtype::int8);
  if (*algorithm == "W8A16") return set(q, Dtype::int8, 8, q.unquantized);
  config.fail(fmt::format("{} \"{}\" is not known here", config.place("quant_algo"),
                          text::quoted(*algorithm)));
}

// AMD Quark: global_quant_config with dtypes as words.
void read_quark(ConfigTable& config, Quantization& q) {
  auto global = config.table("global_quant_config");
  auto weight = global ? global->table("weight") : std::nullopt;
  if (!weight) return config.fail(config.place("global_quant_config.weight") + " is missing");
  const std::string dtype = weight->text({"dtype"}).value_or("");
  const auto inputs = global->table("input_tensors");
  if (dtype.starts_with("fp8")) return set(q, Dtype::fp8, 8, inputs ? Dtype::fp8 : q.unquantized);
  if (dtype == "fp4" || dtype == "mxfp4")
    return set(q, Dtype::fp4, kMxfp4Bits, inputs ? Dtype::fp4 : q.unquantized);
  config.fail(
      fmt::format("{} \"{}\" is not known here", weight->place("dtype"), text::quoted(dtype)));
}

void read_method(ConfigTable& config, Quantization& q) {
  std::string method =
      config.text({"quant_method"}).value_or(config.get("quant_algo") != nullptr ? "modelopt" : "");
  if (method == "fp8" || method == "fbgemm_fp8") {
    set(q, Dtype::fp8, fp8_bits(config, "weight_block_size"), Dtype::fp8);
  } else if (method == "mxfp4") {
    set(q, Dtype::fp4, kMxfp4Bits, q.unquantized);
  } else if (method == "compressed-tensors") {
    read_groups(config, q);
  } else if (method.starts_with("modelopt")) {
    read_modelopt(config, q, method);
  } else if (method == "gptq" || method == "awq" || method == "gptq_marlin" ||
             method == "awq_marlin") {
    read_grouped_integers(config, q);
  } else if (method == "bitsandbytes") {
    read_bitsandbytes(config, q);
  } else if (method == "quark") {
    read_quark(config, q);
  } else if (method.empty()) {
    config.fail(config.place("quant_method") + " is missing");
  } else {
    config.fail(fmt::format("{} \"{}\" is not known here", config.place("quant_method"),
                            text::quoted(method)));
  }
  q.method = method;
}

std::optional<Dtype> read_kv(ConfigTable& config) {
  const auto word = config.text({"kv_cache_quant_algo", "kv_cache_dtype"});
  if (word == "FP8" || word == "fp8") return Dtype::fp8;
  if (word == "NVFP4") return Dtype::fp4;
  if (word == "INT8") return Dtype::int8;
  if (auto scheme = config.table("kv_cache_scheme")) {
    const int bits = scheme->need_whole({"num_bits"}, {4, 16});
    const bool floating = scheme->text({"type"}).value_or("float") == "float";
    if (bits == 8) return floating ? Dtype::fp8 : Dtype::int8;
  }
  return std::nullopt;
}

}  // namespace

QuantizationFacts read_quantization(ConfigTable& config, std::span<const LayerShape> layers,
                                    Dtype unquantized) {
  QuantizationFacts out;
  Quantization& q = out.quantization;
  q.unquantized = unquantized;
  read_method(config, q);
  out.kv = read_kv(config);
  std::vector<std::string> excluded;
  for (const std::string_view key : {"modules_to_not_convert", "ignored_layers", "ignore",
                                     "exclude_modules", "llm_int8_skip_modules", "exclude"}) {
    if (auto names = config.texts({key})) std::ranges::move(*names, std::back_inserter(excluded));
  }
  if (config.ok()) apply_exclusions(excluded, layers, q, out.notes);
  return out;
}

}  // namespace assay::model

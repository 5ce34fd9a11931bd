// SPDX-License-Identifier: Apache-2.0
#include "assay/model/model.hpp"

#include <algorithm>

namespace assay::model {
namespace {

double of(int a, int b) { return static_cast<double>(a) * static_cast<double>(b); }

double elements(const GroupedAttention& a, int hidden) {
  const double query = of(a.heads, a.key_dim) * (a.output_gate ? 2 : 1);
  const double key = of(a.kv_heads, a.key_dim);
  const double value = a.shared_kv ? 0 : of(a.kv_heads, a.value_dim);
  return hidden * (query + key + value + of(a.heads, a.value_dim));
}

double elements(const LatentAttention& a, int hidden) {
  const double query_out = of(a.heads, a.nope_dim + a.rope_dim);
  const double query = a.query_rank > 0 ? a.query_rank * (hidden + query_out) : hidden * query_out;
  const double down = of(hidden, a.kv_rank + a.rope_dim);
  const double up = a.kv_rank * of(a.heads, a.nope_dim + a.value_dim);
  const double out = hidden * of(a.heads, a.value_dim);
  // The indexer: queries from the compressed query, one key, one weight a head (DeepSeek-V3.2).
  const double from = a.query_rank > 0 ? a.query_rank : hidden;
  const double index = a.index_heads == 0 ? 0
                                          : from * of(a.index_heads, a.index_dim) +
                                                of(hidden, a.index_dim) + of(hidden, a.index_heads);
  return query + down + up + out + index;
}

// Queries, keys and values pass the convolution together.
double channels(const LinearAttention& a) {
  return 2 * of(a.key_heads, a.key_dim) + of(a.value_heads, a.value_dim);
}

double elements(const LinearAttention& a, int hidden) {
  const double value = of(a.value_heads, a.value_dim);
  const double in = channels(a) + value + of(a.head_gates, a.value_heads);
  return hidden * (in + value) + a.conv_kernel * channels(a);
}

// Bytes of one sequence: slope x min(context, bound) + fixed.
struct CacheLine {
  double slope = 0;
  std::optional<int> bound;
  double fixed = 0;
};

constexpr double kBitsPerByte = 8;
constexpr double kIndexScaleBytes = 4;
constexpr double kIndexGroup = 128;

CacheLine cache_line(const GroupedAttention& a, const Model& model) {
  const double each = of(a.kv_heads, a.key_dim + a.value_dim);
  return {each * bits(model.kv) / kBitsPerByte, a.window, 0};
}

CacheLine cache_line(const LatentAttention& a, const Model& model) {
  const double latent = (a.kv_rank + a.rope_dim) * bits(model.kv) / kBitsPerByte;
  const double index = a.index_heads == 0 ? 0 : a.index_dim * (1 + kIndexScaleBytes / kIndexGroup);
  return {latent + index, std::nullopt, 0};
}

CacheLine cache_line(const LinearAttention& a, const Model& model) {
  const double state = of(a.value_heads, a.value_dim) * a.key_dim * bits(a.state);
  const double taps = std::max(0, a.conv_kernel - 1);
  const double conv = taps * channels(a) * bits(model.quantization.unquantized);
  return {0, std::nullopt, (state + conv) / kBitsPerByte};
}

CacheLine cache_line(const Mixer& mixer, const Model& model) {
  return std::visit([&](const auto& a) { return cache_line(a, model); }, mixer);
}

}  // namespace

double mixer_parameters(const Mixer& mixer, int hidden) {
  return std::visit([&](const auto& a) { return elements(a, hidden); }, mixer);
}

double feed_forward_parameters(const FeedForward& ffn, int hidden) {
  return (ffn.gated ? 3 : 2) * of(ffn.intermediate, hidden);
}

int Model::layer_count() const {
  int sum = 0;
  for (const LayerGroup& group : layers) sum += group.count;
  return sum;
}

double Parameters::total() const {
  return embedding + lm_head + attention + dense_ffn + experts + router;
}

Parameters parameters(const Model& model) {
  Parameters out;
  out.embedding = of(model.vocab, model.hidden);
  out.lm_head = model.tied_embeddings ? 0 : out.embedding;
  for (const auto& [layer, count] : model.layers) {
    out.attention += count * mixer_parameters(layer.mixer, model.hidden);
    out.dense_ffn += count * feed_forward_parameters(layer.dense, model.hidden);
    if (!layer.experts) continue;
    const Experts& experts = *layer.experts;
    out.experts += of(count, experts.count) * feed_forward_parameters(experts.each, model.hidden);
    out.router += count * of(experts.count, model.hidden);
  }
  return out;
}

double active_parameters(const Model& model) {
  const Parameters all = parameters(model);
  double sum = of(model.vocab, model.hidden) + all.attention + all.dense_ffn + all.router;
  for (const auto& [layer, count] : model.layers) {
    if (!layer.experts) continue;
    sum += of(count, layer.experts->per_token) *
           feed_forward_parameters(layer.experts->each, model.hidden);
  }
  return sum;
}

Storage storage(const Quantization& q, Part part) {
  const auto quantized = [&] {
    switch (part) {
      case Part::lm_head: return q.lm_head;
      case Part::attention: return q.attention;
      case Part::dense_ffn: return q.dense_ffn;
      case Part::shared_experts: return q.shared_experts;
      case Part::experts: return q.experts;
      case Part::embedding:
      case Part::router: return false;
    }
    return false;
  }();
  if (quantized) return {q.weights, q.bits_per_weight, q.activations};
  if (q.rest_bits && part != Part::router) return {Dtype::int8, *q.rest_bits, q.unquantized};
  return {q.unquantized, bits(q.unquantized), q.unquantized};
}

double weight_bytes(const Model& model) {
  const auto width = [&](Part part) {
    return storage(model.quantization, part).bits_per_weight / kBitsPerByte;
  };
  const Parameters all = parameters(model);
  double sum = all.embedding * width(Part::embedding) + all.lm_head * width(Part::lm_head) +
               all.attention * width(Part::attention) + all.experts * width(Part::experts) +
               all.router * width(Part::router);
  for (const auto& [layer, count] : model.layers) {
    const Part part = layer.experts ? Part::shared_experts : Part::dense_ffn;
    sum += count * feed_forward_parameters(layer.dense, model.hidden) * width(part);
  }
  return sum;
}

double kv_bytes_per_token(const Model& model) {
  double sum = 0;
  for (const auto& [layer, count] : model.layers) {
    sum += count * cache_line(layer.mixer, model).slope;
  }
  return sum;
}

double kv_bytes(const Model& model, double context) {
  double sum = 0;
  for (const auto& [layer, count] : model.layers) {
    const CacheLine line = cache_line(layer.mixer, model);
    const double held = line.bound ? std::min(context, static_cast<double>(*line.bound)) : context;
    sum += count * (line.slope * held + line.fixed);
  }
  return sum;
}

}  // namespace assay::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "assay/units/dtype.hpp"

// A language model as a planner sees it: which matrices there are, which state a token leaves
// behind, and what both are stored in. Plain values; any thread may read them. All sizes are in
// elements and are those of the whole model, before any parallelism.
namespace assay::model {

// Softmax attention with grouped heads: kv_heads == heads is multi-head, 1 is multi-query.
struct GroupedAttention {
  int heads = 0;
  int kv_heads = 0;
  int key_dim = 0;    // of one head, of queries too
  int value_dim = 0;  // of one head
  // Tokens that a query looks back on at most; nothing = all. Chunked attention counts its chunk.
  std::optional<int> window;
  bool output_gate = false;  // the query projection is twice as wide (Qwen3.5)
  // Values are the output of the key projection: one matrix less (Gemma 4 global). The cache still
  // holds both, since only keys are rotated.
  bool shared_kv = false;
};

// Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434): the cache holds one vector of
// kv_rank + rope_dim a token, whatever the number of heads.
struct LatentAttention {
  int heads = 0;
  int query_rank = 0;  // 0: queries are not compressed
  int kv_rank = 0;
  int nope_dim = 0;
  int rope_dim = 0;
  int value_dim = 0;
  // Sparse attention (DeepSeek-V3.2): an indexer scores all tokens and keeps index_topk.
  int index_heads = 0;  // 0: dense
  int index_dim = 0;
  int index_topk = 0;
};

// Gated delta rule (arXiv:2412.06464), Mamba-2 (arXiv:2405.21060) and their like: a state of
// value_heads x key_dim x value_dim a sequence, nothing a token. Projections in: queries and keys
// (key_heads x key_dim each), values and an output gate (value_heads x value_dim each), and
// head_gates scalars a value head. A Mamba-2 layer has one value head a head, one key head a group
// of B and C, and key_dim = the state size.
struct LinearAttention {
  int key_heads = 0;
  int value_heads = 0;
  int key_dim = 0;
  int value_dim = 0;
  int conv_kernel = 0;  // taps of the short convolution over queries, keys, values; 0: none
  Dtype state = Dtype::fp32;
  int head_gates = 2;  // delta rule: decay and step; Mamba-2: the step alone, 1
};

using Mixer = std::variant<GroupedAttention, LatentAttention, LinearAttention>;

// A feed-forward of `intermediate` columns; gated ones (SwiGLU, GeGLU) have three matrices, else
// two.
struct FeedForward {
  int intermediate = 0;  // 0: there is none
  bool gated = true;
};

// Routed experts. A token goes through `per_token` of them.
struct Experts {
  int count = 0;
  int per_token = 0;
  FeedForward each;
};

struct Layer {
  Mixer mixer;
  // That every token passes: the dense one; beside routed experts, the shared ones taken together.
  FeedForward dense;
  std::optional<Experts> experts;
};

// Layers that are alike, wherever they stand in the model.
struct LayerGroup {
  Layer layer;
  int count = 0;
};

// What weights are stored in. Scales are counted with the weights.
struct Quantization {
  std::string method = "none";  // as the config names it: "fp8", "mxfp4", "modelopt/NVFP4"
  Dtype weights = Dtype::bf16;
  double bits_per_weight = 16;      // scales and zero points included, e.g. mxfp4: 4.25
  Dtype activations = Dtype::bf16;  // what matrix products run in: bf16 for weight-only methods
  // true: quantized; false: in `unquantized`, as the config's exclusion list says.
  bool attention = true;
  bool dense_ffn = true;       // of layers without experts
  bool shared_experts = true;  // Layer::dense of layers with experts
  bool experts = true;
  bool lm_head = false;
  Dtype unquantized = Dtype::bf16;  // also of embeddings, norms, router
  // Bits that an engine packs the unquantized into, all but the router, beside activations of
  // `unquantized`; nothing: it does not.
  std::optional<double> rest_bits = {};
};

struct Model {
  std::string name;
  std::string source;  // file or the title of the catalog's source
  int hidden = 0;
  int vocab = 0;
  bool tied_embeddings = false;
  int max_context = 0;  // 0: unstated
  std::vector<LayerGroup> layers;
  Quantization quantization;
  Dtype kv = Dtype::bf16;  // what the KV cache is stored in by default
  // Layers of a draft head (multi-token prediction) that a checkpoint carries; not run by default.
  int draft_layers = 0;
  // What was left out or taken for granted in reading it, one sentence each: for the user's eyes.
  std::vector<std::string> notes;

  [[nodiscard]] int layer_count() const;
};

// Elements of weights by part, summed over all layers. Norms, biases and sinks are left out: under
// 0.2 % of every model checked (model_test.cpp). The draft head and a vision part are not in it.
struct Parameters {
  double embedding = 0;  // the input table
  double lm_head = 0;    // 0 where tied
  double attention = 0;  // all mixers
  double dense_ffn = 0;  // dense and shared
  double experts = 0;    // routed, all of them
  double router = 0;
  [[nodiscard]] double total() const;
};
Parameters parameters(const Model& model);
// Of which one token uses: lm_head counted once (tied or not), the embedding table not, per_token
// experts.
double active_parameters(const Model& model);

// Elements of one layer's parts.
double mixer_parameters(const Mixer& mixer, int hidden);
double feed_forward_parameters(const FeedForward& ffn, int hidden);

// A part of the weights, as far as they may differ in what they are stored in.
enum class Part { embedding, lm_head, attention, dense_ffn, shared_experts, experts, router };
struct Storage {
  Dtype weights = Dtype::bf16;
  double bits_per_weight = 16;      // scales included
  Dtype activations = Dtype::bf16;  // what its matrix products run in
};
// Embedding and router are never quantized.
Storage storage(const Quantization& quantization, Part part);

// Bytes of all weights as stored.
double weight_bytes(const Model& model);
// Bytes of KV cache that one more token of context adds while the context is still inside every
// window; linear layers add none. Past a window its layers add none either: kv_bytes().
double kv_bytes_per_token(const Model& model);
// Bytes of the whole cache and state of one sequence of `context` tokens (>= 0). A windowed layer
// holds its window at most. A sparse indexer's keys are held in fp8 with one fp32 scale per 128.
double kv_bytes(const Model& model, double context);

}  // namespace assay::model

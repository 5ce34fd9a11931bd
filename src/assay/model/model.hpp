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
  bool shared_kv = false;    // keys and values are one projection and one cache entry (Gemma 4 global)
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

// Gated delta rule and other linear attention: a state of fixed size a sequence, none a token.
struct LinearAttention {
  int key_heads = 0;
  int value_heads = 0;
  int key_dim = 0;
  int value_dim = 0;
  int conv_kernel = 0;       // 0: none
  Dtype state = Dtype::fp32;
};

using Mixer = std::variant<GroupedAttention, LatentAttention, LinearAttention>;

// A feed-forward of `intermediate` columns; gated ones (SwiGLU, GeGLU) have three matrices, else two.
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
  FeedForward dense;  // that every token passes: the dense one, or the shared experts taken together
  std::optional<Experts> experts;
};

// Layers that are alike, wherever they stand in the model.
struct LayerGroup {
  Layer layer;
  int count = 0;
};

// What weights are stored in. Scales are counted with the weights.
struct Quantization {
  std::string method;                  // as the config names it; "none"
  Dtype weights = Dtype::bf16;
  double bits_per_weight = 16;         // scales and zero points included, e.g. mxfp4: 4.25
  Dtype activations = Dtype::bf16;     // what matrix products run in: bf16 for weight-only methods
  // Parts that stay in `unquantized`, as the config's exclusion list says.
  bool attention = true;               // true: quantized
  bool dense_ffn = true;
  bool shared_experts = true;
  bool experts = true;
  bool lm_head = false;
  Dtype unquantized = Dtype::bf16;     // also of embeddings, norms, router
};

struct Model {
  std::string name;
  std::string source;                  // file or the title of the catalog's source
  int hidden = 0;
  int vocab = 0;
  bool tied_embeddings = false;
  int max_context = 0;                 // 0: unstated
  std::vector<LayerGroup> layers;
  Quantization quantization;
  Dtype kv = Dtype::bf16;              // what the KV cache is stored in by default
  // Layers of a draft head (multi-token prediction) that a checkpoint carries; not run by default.
  int draft_layers = 0;

  [[nodiscard]] int layer_count() const;
};

// Elements of weights by part, summed over all layers.
struct Parameters {
  double embedding = 0;   // the input table
  double lm_head = 0;     // 0 where tied
  double attention = 0;   // all mixers
  double dense_ffn = 0;   // dense and shared
  double experts = 0;     // routed, all of them
  double router = 0;
  [[nodiscard]] double total() const;
};
Parameters parameters(const Model& model);
// Of which one token uses: lm_head counted once, the embedding table not, per_token experts.
double active_parameters(const Model& model);

// Bytes of all weights as stored.
double weight_bytes(const Model& model);
// Bytes of KV cache that one more token of context adds, once past no window; windows and linear
// layers add nothing past their bound: see kv_bytes(model, context).
double kv_bytes_per_token(const Model& model);
// Bytes of the whole cache and state of one sequence of `context` tokens.
double kv_bytes(const Model& model, double context);

}  // namespace assay::model

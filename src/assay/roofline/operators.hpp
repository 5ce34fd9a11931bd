// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/model/model.hpp"
#include "assay/roofline/chip_roof.hpp"
#include "assay/roofline/curves.hpp"
#include "assay/roofline/engine_profile.hpp"
#include "assay/roofline/parallel.hpp"

// A model cut over chips, as seconds per unit of work: what StepModel adds up. All figures are of
// one chip and one layer; `count` layers are alike.
namespace assay::roofline {

// Memory and arithmetic of one operator, overlapped: (memory^4 + compute^4)^(1/4).
struct Overlap {
  double memory = 0;
  double compute = 0;
  [[nodiscard]] double seconds() const;
};

// A dense product of as many rows as the step has tokens (or sequences, for the vocabulary).
struct MatrixOp {
  double count = 0;
  double weights_s = 0;  // reading them once
  double row_s = 0;      // activations of a row, in and out
  double flop_s = 0;     // arithmetic of a row
  double tile_rows = 0;
  double vector_rows = 0;  // up to so many rows nothing is padded
  [[nodiscard]] Overlap at(double rows) const {
    return {weights_s + row_s * rows, flop_s * (rows + (rows > vector_rows ? tile_rows : 0))};
  }
};

// The routed experts of a layer: those of this chip, or its cut of them.
struct ExpertOp {
  double count = 0;
  double experts = 0;      // on this chip
  double miss_log = 0;     // log(1 - per_token / all experts)
  double expert_s = 0;     // reading one
  double pairs = 0;        // token-expert pairs on this chip per token of the step
  double pair_s = 0;       // activations of one
  double flop_s = 0;       // arithmetic of one
  double tile_rows = 0;    // lost by each expert touched
  double vector_rows = 0;  // of a step of so many tokens nothing is
  double imbalance = 1;    // busiest chip over the mean
  // Distinct experts touched by independent tokens: E (1 - (1 - k/E)^tokens).
  [[nodiscard]] Overlap at(double tokens) const;
};

// Mixing of tokens. Softmax attention reads the cache; linear attention its state.
struct AttentionOp {
  double count = 0;
  double bound = std::numeric_limits<double>::infinity();  // tokens looked back on at most
  double cache_s = 0;                                      // reading one token of one sequence
  double decode_flop_s = 0;  // arithmetic of one query and one token of context
  double prefill_flop_s = 0;
  double state_s = 0;       // reading and writing the state of one sequence
  double token_flop_s = 0;  // linear attention: arithmetic of one token
  [[nodiscard]] Overlap decode(double sequences, double context) const;
  [[nodiscard]] Overlap prefill(double tokens, double context, double sequences) const;
};

// All-reduces of a layer.
struct CollectiveOp {
  double count = 0;
  Wire wire;
  double bytes = 0;  // a token
};

// Handing over from one pipeline stage to the next, so many times.
struct StageOp {
  double count = 0;
  Wire wire;
};

struct Operators {
  std::vector<MatrixOp> dense;
  MatrixOp vocabulary;  // lm_head, by sequences
  std::vector<ExpertOp> experts;
  std::vector<AttentionOp> attention;
  std::vector<CollectiveOp> collectives;
  double elementwise_s = 0;  // of a token, all layers: norms, residuals, activations
  double layers = 0;
  double expert_layers = 0;
  double more_kernels = 0;  // of all layers, beyond grouped attention's and one feed-forward's
  std::vector<StageOp> stages;
  double stage_bytes = 0;     // a token's hidden state
  bool across_hosts = false;  // some of it goes over the network
  bool narrow = false;        // activations are quantized before products
  double chip_bytes = 0;      // weights on one chip
  double cache_bytes = 0;  // on one chip, of one token of one sequence that it holds; long contexts
  double state_bytes = 0;  // on one chip, of one sequence whatever its length
};

// Errors: invalid_argument for a parallelism that is no positive count or that does not divide
// heads or experts, or spreads experts that a model has not, and for weights of 16 bits on a chip
// of 8; not_supported where the chip multiplies no dtype wide enough or has no link to cut over.
Result<Operators> operators(const model::Model& model, const ChipRoof& roof, Parallel parallel,
                            const EngineProfile& engine);

}  // namespace assay::roofline

// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/operators.hpp"

#include <algorithm>
#include <cmath>

namespace assay::roofline {

double Overlap::seconds() const {
  const double m = memory * memory;
  const double c = compute * compute;
  return std::sqrt(std::sqrt(m * m + c * c));
}

Overlap ExpertOp::at(double tokens) const {
  if (tokens <= 0) return {};
  const double touched = experts * -std::expm1(miss_log * tokens);
  const double here = pairs * tokens;
  const double padded = tokens > vector_rows ? std::min(touched, here) * tile_rows : 0;
  return {(touched * expert_s + here * pair_s) * imbalance, (here + padded) * flop_s * imbalance};
}

Overlap AttentionOp::decode(double sequences, double context) const {
  const double seen = sequences * std::min(context, bound);
  return {seen * cache_s + sequences * state_s, seen * decode_flop_s + sequences * token_flop_s};
}

namespace {

// Sum over a chunk of `tokens` after `before` of what each looks back on, at most `bound`.
double looked_back(double tokens, double before, double bound) {
  const double growing = std::clamp(bound - before, 0.0, tokens);
  return growing * (before + growing / 2) + (tokens - growing) * bound;
}

// What a query costs beside the keys that it looks back on, in keys: the start and end of its
// softmax, halves of tiles under the mask. cuDNN's kernel on H100 and H200, prompts of 512 to 8,192
// tokens and chunks before contexts of 4,096 and 16,384 (data/measured, attention-prefill): with
// this one figure all within 8 %, from 0.16 to 0.67 of the chip's peak.
constexpr double kQueryKeys = 900;

}  // namespace

Overlap AttentionOp::prefill(double tokens, double context, double sequences) const {
  if (tokens <= 0 || sequences <= 0) return {};
  const double each = tokens / sequences;
  const double pairs = std::isinf(bound) ? tokens * (context + each / 2)
                                         : sequences * looked_back(each, context, bound);
  return {sequences * (std::min(context + each, bound) * cache_s + state_s),
          (pairs + kQueryKeys * tokens) * prefill_flop_s + tokens * token_flop_s};
}

}  // namespace assay::roofline

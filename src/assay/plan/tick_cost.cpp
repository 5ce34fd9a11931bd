// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/tick_cost.hpp"

#include <algorithm>
#include <cmath>

namespace assay::plan {

TickCost::TickCost(const StepCost& cost, const Sequences& sequences, double budget) {
  if (sequences.decoding > 0) evaluate(cost, sequences, 0);
  if (budget <= 0) return;
  // One prompt, two, four ... and the full budget; wider steps where it holds very many.
  const double first = std::min(sequences.prompt, budget);
  const double room = static_cast<double>(kMost - 2 - count_);
  const double ratio = std::max(2.0, std::pow(budget / first, 1 / room));
  for (double tokens = first; tokens < budget * 0.8 && count_ + 1 < kMost; tokens *= ratio)
    evaluate(cost, sequences, tokens);
  if (sequences.prompt > budget) evaluate(cost, sequences, budget / 2);
  evaluate(cost, sequences, budget);
}

void TickCost::evaluate(const StepCost& cost, const Sequences& sequences, double tokens) {
  // A prompt longer than the chunk has, on average, half of what is not in the chunk before it.
  const roofline::StepShape shape{
      .decode_sequences = sequences.decoding,
      .decode_context = sequences.decoding > 0 ? sequences.context : 0,
      .prefill_tokens = tokens,
      .prefill_context = tokens > 0 ? std::max(0.0, (sequences.prompt - tokens) / 2) : 0,
      .prefill_sequences = tokens > 0 ? std::max(1.0, tokens / sequences.prompt) : 0};
  Node& node = nodes_[count_++];
  node.tokens = tokens;
  node.time = cost.time(shape);
  node.seconds = node.time.total().value();
  if (cost.energy) node.energy = cost.energy(shape, node.time);
}

TickCost::Place TickCost::place(double tokens) const {
  std::size_t high = 0;
  while (high + 1 < count_ && nodes_[high].tokens < tokens) ++high;
  const Node* upper = &nodes_[high];
  const Node* lower = high > 0 ? upper - 1 : upper;
  const double width = upper->tokens - lower->tokens;
  const double share = width > 0 ? std::min(1.0, (tokens - lower->tokens) / width) : 1;
  return {lower, upper, share};
}

double TickCost::seconds(double tokens) const {
  const Place at = place(tokens);
  return at.low->seconds + at.share * (at.high->seconds - at.low->seconds);
}

void TickCost::add_to(StepTotal& total, double times, double tokens) const {
  const Place at = place(tokens);
  total.add(times * (1 - at.share), at.low->time, at.low->energy);
  total.add(times * at.share, at.high->time, at.high->energy);
}

}  // namespace assay::plan

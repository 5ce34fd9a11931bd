// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/batch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "assay/base/check.hpp"
#include "assay/plan/serving.hpp"

namespace assay::plan {

using roofline::Mixing;

Batch::Batch(const Limits& limits, std::span<const Request> requests)
    : limits_(limits), requests_(requests), sequences_(requests.size()) {}

// Its answer so far is kept: it is computed again as if it were part of the prompt.
void Batch::lose_cache(std::size_t id, double generated, double held) {
  sequences_[id] = {.generated = generated};
  cached_ -= held;
  waiting_.push_front(id);
}

double Batch::promised(std::size_t id) const {
  const double whole = requests_[id].prompt + requests_[id].output - 1;
  return limits_.reserves_answers ? whole : sequences_[id].target;
}

double Batch::make_room() {
  double lost = 0;
  if (limits_.reserves_answers) return lost;
  for (; cached_ + decoding_ > limits_.kv_tokens && running() > 1; lost += 1) {
    if (!prefilling_.empty()) {  // admitted after all that decode
      const std::size_t id = prefilling_.back();
      prefilling_.pop_back();
      lose_cache(id, sequences_[id].generated, sequences_[id].target);
      continue;
    }
    while (sequences_[admitted_.back()].ends < 0) admitted_.pop_back();
    const std::size_t id = admitted_.back();
    admitted_.pop_back();
    const double generated =
        requests_[id].output - static_cast<double>(sequences_[id].ends - tick_);
    const double held = requests_[id].prompt + generated - 1;
    decoding_ -= 1;
    context_sum_ -= held;
    lose_cache(id, generated, held);
  }
  return lost;
}

double Batch::decoding_beside_prompts() const {
  return limits_.mixing == Mixing::prefill_first ? 0 : decoding_;
}

void Batch::take_from(Sequence& sequence, double& budget, Chunk& chunk) {
  sequence.taken = sequence.target - sequence.done;
  if (limits_.mixing != Mixing::whole_prompts) sequence.taken = std::min(sequence.taken, budget);
  budget -= sequence.taken;
  chunk.context += sequence.taken * sequence.done;
  chunk.tokens += sequence.taken;
  chunk.sequences += 1;
}

bool Batch::gathers() {
  double tokens = 0;
  for (const std::size_t id : prefilling_) tokens += sequences_[id].target - sequences_[id].done;
  const double places = limits_.max_sequences - running();
  for (std::size_t i = 0; i < waiting_.size() && static_cast<double>(i) < places; ++i)
    tokens += requests_[waiting_[i]].prompt + sequences_[waiting_[i]].generated;
  const bool waits = tokens > 0 && decoding_ > 0 && gathered_ < limits_.gather_iterations &&
                     tokens + decoding_ < limits_.gather_tokens;
  gathered_ = waits ? gathered_ + 1 : 0;
  return waits;
}

Chunk Batch::admit() {
  Chunk chunk;
  if (limits_.gather_iterations > 0 && gathers()) return chunk;
  double budget = limits_.token_budget - decoding_beside_prompts();
  for (const std::size_t id : prefilling_) {
    if (budget < 1) break;
    take_from(sequences_[id], budget, chunk);
  }
  kept_out_ = running() >= limits_.max_sequences;
  while (!waiting_.empty() && running() < limits_.max_sequences) {
    const std::size_t id = waiting_.front();
    Sequence& sequence = sequences_[id];
    sequence.target = requests_[id].prompt + sequence.generated;
    // A prompt longer than the whole budget is let through alone where prompts are not cut.
    const bool must_fit = limits_.mixing == Mixing::whole_prompts && chunk.tokens > 0;
    if (budget < 1 || (must_fit && sequence.target > budget)) break;
    // Room for one more token of each sequence, so that nobody is let in only to be thrown out.
    const double growth = limits_.reserves_answers ? 0 : running() + 1;
    kept_out_ = cached_ + promised(id) + growth > limits_.kv_tokens && running() > 0;
    if (kept_out_) break;
    waiting_.pop_front();
    prefilling_.push_back(id);
    kept_out_ = running() >= limits_.max_sequences;
    cached_ += promised(id);
    take_from(sequence, budget, chunk);
  }
  if (chunk.tokens > 0) chunk.context /= chunk.tokens;
  return chunk;
}

void Batch::start_decoding(std::size_t id) {
  Sequence& sequence = sequences_[id];
  sequence.generated += 1;
  const double left = requests_[id].output - sequence.generated;
  if (left <= 0) {
    cached_ -= sequence.target;
    ended_.push_back(id);
    return;
  }
  sequence.ends = tick_ + std::llround(left);
  ends_.push({sequence.ends, id});
  admitted_.push_back(id);
  decoding_ += 1;
  context_sum_ += sequence.target;
}

std::vector<std::size_t> Batch::finish_prompts() {
  if (decoding_beside_prompts() > 0) advance(1);
  std::vector<std::size_t> first_tokens;
  std::erase_if(prefilling_, [&](std::size_t id) {
    Sequence& sequence = sequences_[id];
    sequence.done += std::exchange(sequence.taken, 0);
    if (sequence.done < sequence.target) return false;
    if (sequence.generated == 0) first_tokens.push_back(id);
    start_decoding(id);
    return true;
  });
  return first_tokens;
}

void Batch::decode(double steps) { advance(std::llround(steps)); }

void Batch::advance(std::int64_t ticks) {
  tick_ += ticks;
  context_sum_ += decoding_ * static_cast<double>(ticks);
  if (!limits_.reserves_answers) cached_ += decoding_ * static_cast<double>(ticks);
  while (!ends_.empty() && ends_.top().tick <= tick_) {
    const End end = ends_.top();
    ends_.pop();
    if (!is_live(end)) continue;
    const double held = requests_[end.id].prompt + requests_[end.id].output - 1;
    sequences_[end.id].ends = -1;
    decoding_ -= 1;
    context_sum_ -= held;
    cached_ -= held;
    ended_.push_back(end.id);
  }
}

double Batch::steps_until_change() {
  while (!ends_.empty() && !is_live(ends_.top())) ends_.pop();
  CHECK(!ends_.empty());
  const auto until_end = static_cast<double>(ends_.top().tick - tick_);
  if (limits_.reserves_answers) return std::max(1.0, until_end);
  const double until_full = std::floor((limits_.kv_tokens - cached_) / decoding_);
  return std::max(1.0, std::min(until_end, until_full));
}

bool Batch::has_room_for_one_more() const {
  return waiting_.empty() && running() < limits_.max_sequences;
}

std::vector<std::size_t> Batch::take_ended() { return std::exchange(ended_, {}); }

}  // namespace assay::plan

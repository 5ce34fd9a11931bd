// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <queue>
#include <span>
#include <vector>

#include "assay/plan/request.hpp"

namespace assay::plan {

struct Limits;

// The prompt tokens of one iteration.
struct Chunk {
  double tokens = 0;
  double sequences = 0;  // that share them
  double context = 0;    // mean tokens of one of them in the cache before, weighted by its tokens
};

// Which sequences an engine works on, without any time: counts iterations ("ticks") instead. A
// sequence waits, then has its prompt computed, then decodes one token a tick until it ends.
// Requests are named by their index. Used by one thread.
class Batch {
 public:
  // Both must outlive the Batch.
  Batch(const Limits& limits, std::span<const Request> requests);

  [[nodiscard]] bool empty() const {
    return waiting_.empty() && prefilling_.empty() && decoding_ == 0;
  }
  void arrive(std::size_t id) { waiting_.push_back(id); }

  // Before an iteration: takes the cache from sequences until each running one can grow by a token.
  // Returns how many lost it.
  double make_room();
  // Lets waiting sequences in and says which prompt tokens the next iteration computes; none: the
  // next iterations only decode.
  Chunk admit();

  // Prompts are held back for more to come (Limits::gather_iterations): the next iteration decodes,
  // and admit() is asked again after it.
  [[nodiscard]] bool gathering() const { return gathered_ > 0; }
  // Sequences that the limits keep out; none where they only wait for the next iteration.
  [[nodiscard]] double kept_out() const {
    return kept_out_ ? static_cast<double>(waiting_.size()) : 0;
  }
  [[nodiscard]] double decoding() const { return decoding_; }
  // In an iteration with prompts: none where prompts go first.
  [[nodiscard]] double decoding_beside_prompts() const;
  [[nodiscard]] double mean_context() const { return context_sum_ / decoding_; }

  // After an iteration that computed the admitted chunk: who got the first token by it.
  std::vector<std::size_t> finish_prompts();
  // After `steps` iterations of decoding alone.
  void decode(double steps);
  // Iterations of decoding until a sequence ends or the cache is full; at least 1 after
  // make_room().
  [[nodiscard]] double steps_until_change();
  // A sequence that arrived now would be let in if its prompt fits in the cache.
  [[nodiscard]] bool has_room_for_one_more() const;
  // Whose last token came since the last call.
  std::vector<std::size_t> take_ended();

 private:
  struct Sequence {
    double generated = 0;    // tokens, kept through a preemption
    double target = 0;       // prompt tokens to compute
    double done = 0;         // of which are computed
    double taken = 0;        // of which the iteration under way computes
    std::int64_t ends = -1;  // the tick of its last token; -1: not decoding
  };
  struct End {
    std::int64_t tick;
    std::size_t id;
    bool operator>(const End& other) const {
      return tick != other.tick ? tick > other.tick : id > other.id;
    }
  };

  [[nodiscard]] double running() const {
    return decoding_ + static_cast<double>(prefilling_.size());
  }
  // Tokens that the cache holds for it from when it is let in.
  [[nodiscard]] double promised(std::size_t id) const;
  void take_from(Sequence& sequence, double& budget, Chunk& chunk);
  // Whether prompts wait for more; counts the iteration if so.
  bool gathers();
  void lose_cache(std::size_t id, double generated, double held);
  void start_decoding(std::size_t id);
  void advance(std::int64_t ticks);
  [[nodiscard]] bool is_live(const End& end) const { return sequences_[end.id].ends == end.tick; }

  const Limits& limits_;
  std::span<const Request> requests_;
  std::vector<Sequence> sequences_;
  std::deque<std::size_t> waiting_;
  std::vector<std::size_t> prefilling_;  // oldest first
  std::vector<std::size_t> admitted_;    // decoding, oldest first; ended ones linger until popped
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
  std::vector<std::size_t> ended_;
  bool kept_out_ = false;
  int gathered_ = 0;  // iterations that prompts have been held back for
  std::int64_t tick_ = 0;
  double decoding_ = 0;
  double context_sum_ = 0;  // tokens in the cache of the decoding ones
  double cached_ = 0;       // tokens that the cache holds or has promised
};

}  // namespace assay::plan

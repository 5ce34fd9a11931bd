// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace assay::plan {

// How many prompt tokens iterations hold, as a few classes of iterations.
class PromptMix {
 public:
  struct Class {
    double share = 0;   // of iterations, or of requests; all sum to 1
    double tokens = 0;  // prompt tokens in one
  };
  static constexpr std::size_t kMost = 12;

  // Prompts of `prompt` tokens that come in at random, `rate` of them an iteration on average, into
  // iterations that hold at most `budget`. What does not fit goes on to later ones: the classes'
  // mean is rate x prompt, or budget where more comes than fits.
  static PromptMix scattered(double rate, double prompt, double budget);

  void add(double share, double tokens);
  [[nodiscard]] std::span<const Class> classes() const { return {classes_.data(), count_}; }
  [[nodiscard]] double mean() const;

 private:
  std::array<Class, kMost> classes_{};
  std::size_t count_ = 0;
};

// A stream of prompts that come in at random.
struct PromptStream {
  double rate = 0;    // an iteration
  double prompt = 1;  // tokens of one
  // Iterations after which the same clients come again, and how much their coming varies then
  // (squared deviation over mean of an answer's length): within a cycle the stream is a Poisson,
  // over several it can't pile up, because who waits does not ask again.
  double cycle = 1;
  double irregular = 0;
};

// Mean prompt tokens left over from earlier iterations of this budget: the mean of the reflected
// random walk, by Spitzer's identity. Infinite at full load.
double mean_backlog(const PromptStream& stream, double budget);

}  // namespace assay::plan

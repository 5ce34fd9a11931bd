// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/prompt_mix.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace assay::plan {
namespace {

constexpr double kManyPrompts = 6;  // an iteration: from here on a Poisson is as good as normal

// E[max(0, X)] of a normal X.
double positive_part(double mean, double deviation) {
  const double z = mean / deviation;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  return deviation * density + mean * 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

// E[max(0, K prompt - room)] of K prompts, Poisson of this mean but for the variance: `calm` of it.
double overflow(double mean, double prompt, double room, double calm) {
  if (mean > kManyPrompts)
    return positive_part(mean * prompt - room, std::sqrt(mean * calm) * prompt);
  double weight = std::exp(-mean);
  double below = 0;  // E[max(0, room - K prompt)], a short sum where room is few prompts
  for (double k = 0; k * prompt < room && k < 4 * kManyPrompts; ++k) {
    below += weight * (room - k * prompt);
    weight *= mean / (k + 1);
  }
  return calm * std::max(0.0, mean * prompt - room + below);
}

}  // namespace

void PromptMix::add(double share, double tokens) {
  if (share <= 0) return;
  classes_[count_++] = {share, tokens};
}

double PromptMix::mean() const {
  double sum = 0;
  for (const Class& each : classes()) sum += each.share * each.tokens;
  return sum;
}

PromptMix PromptMix::scattered(double rate, double prompt, double budget) {
  PromptMix mix;
  const double load = rate * prompt;
  if (load >= budget) {
    mix.add(1, budget);
    return mix;
  }
  // Iterations that hold all that came in, and are not full.
  PromptMix open;
  double open_share = 0;
  if (rate > kManyPrompts) {  // Gauss and Hermite's three points of a normal
    const double reach = std::sqrt(3 * rate) * prompt;
    for (const auto& [share, at] : {std::pair(1.0 / 6, load - reach), std::pair(2.0 / 3, load),
                                    std::pair(1.0 / 6, load + reach)})
      if (at < budget) open.add(share, std::max(0.0, at)), open_share += share;
  } else {
    double weight = std::exp(-rate);
    for (double k = 0; k * prompt < budget && open.count_ + 1 < kMost; ++k) {
      open.add(weight, k * prompt);
      open_share += weight;
      weight *= rate / (k + 1);
    }
  }
  // The rest is full; what it can't hold fills others, in proportion, until the mean is the load.
  const double open_mean = open.mean() / open_share;
  const double full = std::clamp((load - open_mean) / (budget - open_mean), 0.0, 1.0);
  for (const Class& each : open.classes())
    mix.add(each.share / open_share * (1 - full), each.tokens);
  mix.add(full, budget);
  return mix;
}

double mean_backlog(const PromptStream& stream, double budget) {
  if (stream.rate * stream.prompt >= budget) return std::numeric_limits<double>::infinity();
  // Sum over k of E[max(0, S_k)] / k; the terms change slowly, so later ones stand for many.
  double sum = 0;
  double from = 1;
  for (int term = 0; term < 24; ++term) {
    const double width = from < 8 ? 1 : std::floor(from / 3);
    const double k = from + (width - 1) / 2;
    const double calm = std::max({1 - k / stream.cycle, std::min(1.0, stream.irregular), 1e-3});
    const double each = overflow(k * stream.rate, stream.prompt, k * budget, calm) / k;
    sum += width * each;
    from += width;
    if (each * from < 1e-3 * sum || (term > 2 && sum < 1e-3 * stream.prompt)) break;
  }
  return sum;
}

}  // namespace assay::plan

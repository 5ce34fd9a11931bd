// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/plan/deployment.hpp"

// Every chip, count, parallelism and precision under a service's limits: which serves it for the
// least, and why the others do not.
namespace assay::plan {

// The figure of a latency that a limit is held against.
enum class Statistic { mean, p50, p95, p99 };
Seconds pick(const Spread& spread, Statistic statistic);
std::string_view to_string(Statistic statistic);

// What a service is held to. Nothing: no limit.
struct Limit {
  std::optional<Seconds> ttft;
  std::optional<Seconds> tpot;
  Statistic at = Statistic::p95;
  std::optional<Watts> power;           // of all chips together
  std::optional<DollarsPerHour> price;  // of all chips together
  std::optional<int> chips;
};

struct Demand {
  Workload workload;
  // Requests a second. Nothing: one replica, as fully loaded as the limits let it be.
  std::optional<double> rate;
  Limit limit;
};

// A model at one precision, by the name that the user gives it ("fp8").
struct Variant {
  std::string precision;
  model::Model model;
  // Only for chips that multiply the weights' dtype themselves: on others it saves memory alone.
  bool native_only = false;
  // Only for chips that multiply no 16 bits and none of the other variants' dtypes.
  bool last_resort = false;
};

struct Candidate {
  std::size_t variant = 0;  // index into the variants searched
  std::size_t roof = 0;     // index into the roofs
  roofline::Parallel parallel;
  int replicas = 1;
  [[nodiscard]] int chips() const { return replicas * parallel.chips(); }
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// Why a candidate is out.
struct TooBig {
  Bytes missing_per_chip;  // for the weights and one request
  Bytes weights_per_chip;
};
// What one replica does at next to no load.
struct Reach {
  Seconds ttft{};
  std::optional<Seconds> tpot;  // nothing where answers are one token
  bool affordable = true;       // within the limits of power, price and chips
};
struct TooSlow {
  enum class What { ttft, tpot } what = What::ttft;
  Seconds best;
  Seconds limit;
  Reach reach;
};
struct OverLimit {
  enum class What { power, price, chips } what = What::power;
  double needed = 0;  // watts, dollars an hour, chips
  double allowed = 0;
  double rate_that_holds = 0;  // requests a second within the limit; 0: not even one replica
  int replicas_that_hold = 0;  // which serve that
};
struct Unbuildable {
  std::string why;  // the catalog lacks a figure, or the model can't be cut so
};
using Reason = std::variant<TooBig, TooSlow, OverLimit, Unbuildable>;

struct Answer {
  Candidate candidate;
  Prediction prediction;
  bool simulated = false;    // its latencies are of verify()'s requests, not of the closed form
  double most_rate = 0;      // requests a second that one replica holds within the limits
  bool on_frontier = false;  // nobody is both cheaper and faster (mean time of a request)
  std::optional<std::size_t> dominated_by;  // index into answers: cheaper and faster
};
struct Refusal {
  Candidate candidate;
  Reason reason;
};

// A limit that nothing keeps, and the nearest to it. Seconds, watts, dollars an hour or chips.
struct Unreachable {
  enum class What { ttft, tpot, power, price, chips } what = What::ttft;
  double asked = 0;
  double best = 0;
  Candidate by;
};

struct Found {
  std::vector<Answer> answers;  // cheapest a token first; those without a price last, by joules
  std::vector<Refusal> refusals;
  std::vector<Unreachable> unreachable;  // empty where there is an answer
};

// Pure; the same input gives the same output. Every candidate that is tried is an answer or a
// refusal.
Found search(std::span<const Variant> variants, std::span<const roofline::ChipRoof> roofs,
             const roofline::EngineProfile& engine, const Demand& demand);

// The answers worth showing: the best of each chip and whatever is on the frontier, at most so
// many, by index.
std::vector<std::size_t> worth_showing(const Found& found, std::size_t most);

// Holds those answers to the request-level simulator: 5,000 requests for each at its rate, or
// 41,000 in three runs where an engine does more than 0.6 of what it keeps up. The slowest run's
// latencies take the place of the closed form's. An answer that breaks a limit so gets more
// replicas (or, where no rate is asked, less load); one that breaks it still is refused. Ranks anew
// until all that is worth showing has been simulated; what is not stays as search() left it. Pure.
void verify(Found& found, std::span<const Variant> variants,
            std::span<const roofline::ChipRoof> roofs, const roofline::EngineProfile& engine,
            const Demand& demand, std::size_t most);

// The most requests a second that one replica holds within the limits of latency; nothing where it
// can't hold them at any load.
struct Capacity {
  double rate = 0;
  Prediction at;
};
std::optional<Capacity> capacity(const Deployment& replica, const Demand& demand);

// Output tokens a second of that capacity; nothing where it is none or the model does not fit.
std::optional<double> tokens_within(const Deployment& replica, const Demand& demand);

}  // namespace assay::plan

// SPDX-License-Identifier: Apache-2.0
// Where something was near its peak, or was kept from it.
#include <algorithm>

#include "assay/causes/gain.hpp"
#include "assay/causes/rules.hpp"

namespace assay::causes {
namespace {

constexpr double kMemoryBound = 0.60;  // of the memory's peak: it is what is short
constexpr double kNearPeak = 0.50;     // of the busiest part: what good kernels reach
constexpr double kFilled = 0.85;       // SM active over busy: what is lost is not lost by empty SMs
// Of the matrix units. Some fp32 instructions count there too: on H200s up to a fifteenth as often.
constexpr double kUnused = 0.02;
constexpr double kBesideVector = 0.10;

// NVML's clocks-event bits that take speed away (nvml.h, nvmlClocksEventReason*): power cap 0x4,
// hardware slowdown 0x8, thermal 0x20 and 0x40, power brake 0x80.
constexpr std::uint64_t kSlowdownBits = 0x4 | 0x8 | 0x20 | 0x40 | 0x80;

// A busy link keeps the chip waiting, and a busy integer pipe may be a wait loop.
bool does_work(ladder::Limiter limiter) {
  using enum ladder::Limiter;
  return limiter != integer && limiter != nvlink && limiter != pcie;
}

}  // namespace

std::optional<Finding> dram_bound(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.dram || *s.dram < kMemoryBound || *s.dram < s.tensor.value_or(0)) return std::nullopt;
  return with_gain(scene, {.cause = Cause::dram_bound,
                           .confidence = 0.8 + 0.18 * ramp(*s.dram, kMemoryBound, 0.85),
                           .share = 1.0 - *s.dram,
                           .evidence = {{"dram_util", *s.dram, "below the busiest pipe"}},
                           .kernel = scene.trace ? scene.trace->longest : std::string(),
                           .counterfactual = {},
                           .or_else = {},
                           .told_apart_by = ""});
}

// Products on the vector pipes take eight times as long as on matrix units, or longer: nearly all
// of the time is to gain. Whether they are products only names can tell.
std::optional<Finding> wrong_pipe(const Scene& scene) {
  const Shares& s = scene.share;
  const double vector = std::max(s.fp32.value_or(0), s.fp64.value_or(0));
  if (!s.tensor || *s.tensor >= std::max(kUnused, kBesideVector * vector)) return std::nullopt;
  if (!s.sm || !s.busy || *s.sm < kFilled * *s.busy || vector < 0.3) return std::nullopt;
  if (s.dram.value_or(0) > vector) return std::nullopt;
  if (scene.trace && scene.trace->products < 0.3) return std::nullopt;
  const bool is_fp64 = s.fp64.value_or(0) > s.fp32.value_or(0);
  Finding out{
      .cause = Cause::wrong_pipe,
      .confidence = 0.5 + 0.2 * ramp(vector, 0.3, 0.8),
      .share = *s.sm,
      .evidence = {{is_fp64 ? "fp64_util" : "fp32_util", vector, "little beside the tensor pipe"},
                   {"tensor_util", *s.tensor, "> 2 % for matrix products"}},
      .kernel = "",
      .counterfactual = {},
      .or_else = {Cause::healthy},
      .told_apart_by = "trace"};
  if (!scene.seen.microscope.lanes) out.or_else.push_back(Cause::divergent_lanes);
  if (!scene.trace) return out;
  out.confidence = 0.95;
  out.evidence.push_back({"trace.products", scene.trace->products, "none on the vector pipes"});
  out.kernel = scene.trace->longest_product;
  out.or_else = {};
  out.told_apart_by = "";
  return out;
}

std::optional<Finding> throttled(const Scene& scene) {
  const auto bits = scene.seen.sample.at_id(metric::Id::throttle_reasons).value();
  const Shares& s = scene.share;
  if (!bits || !s.clock || (static_cast<std::uint64_t>(*bits) & kSlowdownBits) == 0)
    return std::nullopt;
  if (*s.clock > 0.9 || s.busy.value_or(0) < 0.05) return std::nullopt;
  Finding out = with_gain(
      scene,
      {.cause = Cause::throttled,
       .confidence = 0.9,
       .share = s.busy.value_or(0) * (1.0 - *s.clock),
       .evidence = {{"throttle_reasons", *bits, "0"},
                    {"sm_clock", scene.seen.sample.at_id(metric::Id::sm_clock).value().value_or(0),
                     "the board's highest"}},
       .kernel = "",
       .counterfactual = {},
       .or_else = {},
       .told_apart_by = ""});
  return out;
}

std::optional<Finding> healthy(const Scene& scene) {
  const auto sol = scene.seen.ladder.sol.value.value();
  if (!sol || sol->value() < kNearPeak || !does_work(scene.seen.ladder.sol.limiter))
    return std::nullopt;
  Finding out{.cause = Cause::healthy,
              .confidence = 0.7 + 0.25 * ramp(sol->value(), kNearPeak, 0.85),
              .share = sol->value(),
              .evidence = {{"sol", sol->value(), "above 50 %"}},
              .kernel = "",
              .counterfactual = gain_of(scene, 1.0 - sol->value()),
              .or_else = {},
              .told_apart_by = ""};
  // A pipe counts an instruction as work whatever share of its lanes was on.
  if (scene.seen.ladder.sol.limiter == ladder::Limiter::fp32 && !scene.seen.microscope.lanes) {
    out.or_else = {Cause::divergent_lanes};
    out.told_apart_by = "microscope";
    out.confidence -= 0.15;
  }
  return out;
}

}  // namespace assay::causes

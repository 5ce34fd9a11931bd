// SPDX-License-Identifier: Apache-2.0
// Where something was near its peak, or was kept from it.
#include <algorithm>

#include "assay/causes/gain.hpp"
#include "assay/causes/rules.hpp"

namespace assay::causes {
namespace {

constexpr double kNearPeak = 0.60;  // of a pipe or the memory: what good kernels reach
constexpr double kUnused = 0.02;    // of the matrix units

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
  if (!s.dram || *s.dram < kNearPeak || *s.dram < s.tensor.value_or(0)) return std::nullopt;
  return with_gain(scene, {.cause = Cause::dram_bound,
                           .confidence = 0.8 + 0.18 * ramp(*s.dram, kNearPeak, 0.85),
                           .share = 1.0 - *s.dram,
                           .evidence = {{"dram_util", *s.dram, "below the busiest pipe"}},
                           .or_else = {},
                           .told_apart_by = ""});
}

std::optional<Finding> wrong_pipe(const Scene& scene) {
  const Shares& s = scene.share;
  if (!s.tensor || *s.tensor >= kUnused) return std::nullopt;
  const double vector = std::max(s.fp32.value_or(0), s.fp64.value_or(0));
  if (vector < 0.3 || s.dram.value_or(0) > vector) return std::nullopt;
  const bool is_fp64 = s.fp64.value_or(0) > s.fp32.value_or(0);
  return Finding{
      .cause = Cause::wrong_pipe,
      .confidence = 0.5 + 0.2 * ramp(vector, 0.3, 0.8),
      .share = vector,
      .evidence = {{is_fp64 ? "fp64_util" : "fp32_util", vector, "little beside the tensor pipe"},
                   {"tensor_util", *s.tensor, "> 2 % for matrix products"}},
      .or_else = {Cause::healthy},
      .told_apart_by = "trace"};
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
       .or_else = {},
       .told_apart_by = ""});
  return out;
}

std::optional<Finding> healthy(const Scene& scene) {
  const auto sol = scene.seen.ladder.sol.value.value();
  if (!sol || sol->value() < kNearPeak || !does_work(scene.seen.ladder.sol.limiter))
    return std::nullopt;
  return Finding{.cause = Cause::healthy,
                 .confidence = 0.7 + 0.25 * ramp(sol->value(), kNearPeak, 0.85),
                 .share = sol->value(),
                 .evidence = {{"sol", sol->value(), "above 60 %"}},
                 .counterfactual = gain_of(scene, 1.0 - sol->value()),
                 .or_else = {},
                 .told_apart_by = ""};
}

}  // namespace assay::causes

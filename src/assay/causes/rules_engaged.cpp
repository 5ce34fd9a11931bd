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
// The vector pipes' share from which on they are what works.
constexpr double kVectorWorks = 0.30;
// The matrix units over the vector pipe: below this they stand still. Some fp32 instructions count
// there too: on H200s up to a fifteenth as often.
constexpr double kBesideVector = 0.10;
constexpr double kProducts = 0.30;  // of the kernels' time: less is not what the pipe is busy with
constexpr double kLowClock = 0.90;  // of the highest
constexpr double kSomeBusy = 0.05;

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

// What products would gain on the matrix units: the SMs' time, less what the same operations take
// there at best. Without a trace all may be products; with it, their share of the kernels' time.
void set_gain(const Scene& scene, double vector, const std::optional<double>& ratio,
              Finding& finding) {
  if (!ratio) return;
  const double products = scene.trace ? scene.trace->products : 1.0;
  finding.counterfactual =
      gain_of(scene, products * std::max(0.0, *scene.share.sm - vector * *ratio));
}

// Whether what runs on the vector pipes is a matrix product only names can tell.
std::optional<Finding> wrong_pipe(const Scene& scene) {
  const Shares& s = scene.share;
  const double vector = std::max(s.fp32.value_or(0), s.fp64.value_or(0));
  if (!s.tensor || *s.tensor >= kBesideVector * vector) return std::nullopt;
  if (!s.sm || !s.busy || *s.sm < kFilled * *s.busy || vector < kVectorWorks) return std::nullopt;
  if (s.dram.value_or(0) > vector) return std::nullopt;
  if (scene.trace && scene.trace->products < kProducts) return std::nullopt;
  const bool is_fp64 = s.fp64.value_or(0) > s.fp32.value_or(0);
  Finding out{
      .cause = Cause::wrong_pipe,
      .confidence = 0.5 + 0.2 * ramp(vector, kVectorWorks, 0.8),
      .share = *s.sm,
      .evidence = {{is_fp64 ? "fp64_util" : "fp32_util", vector, "little beside the tensor pipe"},
                   {"tensor_util", *s.tensor, "a tenth of it or more for matrix products"}},
      .kernel = "",
      .counterfactual = {},
      .or_else = {Cause::healthy},
      .told_apart_by = "trace"};
  set_gain(scene, vector, is_fp64 ? scene.seen.pipes.fp64 : scene.seen.pipes.fp32, out);
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
  if (*s.clock > kLowClock || s.busy.value_or(0) < kSomeBusy) return std::nullopt;
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

// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/model_fit.hpp"

#include <algorithm>
#include <cmath>

namespace assay::cli {
namespace {

// All tiers together; nothing where one is unknown.
std::optional<Bytes> memory_of(const catalog::Chip& chip) {
  if (chip.memory.empty()) return std::nullopt;
  Bytes sum;
  for (const catalog::MemoryTier& tier : chip.memory) {
    const auto available = tier.available();
    if (!available) return std::nullopt;
    sum += *available;
  }
  return sum;
}

// The time to read the share of the weights that a token uses, tier by tier, fastest first.
std::optional<Seconds> read_time(const catalog::Chip& chip, Bytes weights, double active_share) {
  Seconds time;
  Bytes left = weights;
  for (const catalog::MemoryTier& tier : chip.memory) {
    const auto available = tier.available();
    if (!available || !tier.bandwidth) return std::nullopt;
    const Bytes here = std::min(left, *available);
    time += here * active_share / tier.bandwidth->value;
    left -= here;
    if (left <= Bytes(0)) return time;
  }
  return std::nullopt;  // does not fit
}

// The peak of the dtype, or of the 16-bit one that a chip without it falls back to.
const catalog::Peak* peak_for(const catalog::Chip& chip, Dtype dtype) {
  for (const Dtype tried : {dtype, Dtype::bf16, Dtype::fp16}) {
    if (const catalog::Peak* peak = chip.peak(tried)) return peak;
  }
  return nullptr;
}

}  // namespace

ModelOnChip model_on_chip(const model::Model& model, const catalog::Chip& chip) {
  ModelOnChip out;
  out.weights = Bytes(model::weight_bytes(model));
  out.kv_per_token = Bytes(model::kv_bytes_per_token(model));
  const double active = model::active_parameters(model);
  if (const auto memory = memory_of(chip)) {
    out.chips_needed = static_cast<int>(std::ceil(out.weights / *memory));
    const Bytes room = *memory - out.weights;
    if (room > Bytes(0) && out.kv_per_token > Bytes(0)) {
      out.kv_room_tokens = room / out.kv_per_token;
    }
  }
  const double share = std::min(1.0, active / model::parameters(model).total());
  if (const auto time = read_time(chip, out.weights, share)) {
    out.decode_tokens_per_second = 1 / time->value();
  }
  if (const catalog::Peak* peak = peak_for(chip, model.quantization.activations)) {
    out.prefill_tokens_per_second = peak->rate.value.value() / (2 * active);
  }
  return out;
}

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
// GPU performance monitoring: hardware counters that the driver refreshes every 100 ms.
#include <limits>

#include "assay/nvml_sim/gpm_metric.hpp"
#include "assay/nvml_sim/links.hpp"
#include "assay/nvml_sim/nvml.hpp"

namespace assay::nvml_sim {
namespace {

constexpr u32 kDramMetric = 10;

// What happened between two refreshes; nothing where there is no new data between them: the same
// refresh twice, or a driver that was loaded in between.
std::optional<sim::Shares> between(const GpmLatch& earlier, const GpmLatch& later,
                                   const Board& board) {
  if (later.at_ns <= earlier.at_ns || later.loaded_at_ns != earlier.loaded_at_ns)
    return std::nullopt;
  return sim::shares(later.counters - earlier.counters, board.facts().capacity);
}

// As an H100's driver answers: zeros, and a NaN for DRAM, where there is no new data.
void answer(abi::GpmMetric& metric, const std::optional<sim::Shares>& shares, u32 links) {
  if (metric.id == 0 || metric.id >= abi::kGpmMetricMax) {
    metric.result = Return::invalid_argument;
    return;
  }
  const GpmText text = gpm_text(metric.id);
  metric.result = Return::success;
  metric.short_name = text.short_name;
  metric.long_name = text.long_name;
  metric.unit = text.unit;
  if (shares) metric.value = gpm_value(metric.id, *shares, links);
  else metric.value = metric.id == kDramMetric ? std::numeric_limits<double>::quiet_NaN() : 0.0;
}

}  // namespace

Return Nvml::gpm_support(Device device, abi::GpmSupport* out) {
  return on(device, [&](const Board&) {
    if (out == nullptr) return Return::invalid_argument;
    if (out->version != abi::kGpmSupportVersion) return Return::argument_version_mismatch;
    // On every chip, older ones too: a simulated chip has its counters, whatever the real one's
    // driver would say (docs/adr/005).
    out->supported = 1;
    return Return::success;
  });
}

Return Nvml::gpm_sample_alloc(abi::GpmSampleHandle* out) {
  if (const Return code = ready(); code != Return::success) return code;
  if (out == nullptr) return Return::invalid_argument;
  *out = gpm_samples_.create();
  return Return::success;
}

Return Nvml::gpm_sample_free(abi::GpmSampleHandle sample) {
  if (const Return code = ready(); code != Return::success) return code;
  return gpm_samples_.erase(sample) ? Return::success : Return::invalid_argument;
}

Return Nvml::gpm_sample_get(Device device, abi::GpmSampleHandle sample) {
  return on(device, [&](const Board& board) {
    if (!gpm_samples_.load(sample)) return Return::invalid_argument;
    return gpm_samples_.store(sample, {&board, board.gpm()}) ? Return::success
                                                             : Return::invalid_argument;
  });
}

// Only the first `count` entries are read or written, whatever the header says of the array.
Return Nvml::gpm_metrics_get(abi::GpmMetricsGet* request) {
  if (const Return code = ready(); code != Return::success) return code;
  if (request == nullptr) return Return::invalid_argument;
  if (request->version != abi::kGpmMetricsGetVersion) return Return::argument_version_mismatch;
  if (request->count == 0 || request->count > abi::kGpmMetricMax) return Return::invalid_argument;
  const auto earlier = gpm_samples_.load(request->sample1);
  const auto later = gpm_samples_.load(request->sample2);
  if (!earlier || !later || request->sample1 == request->sample2) return Return::invalid_argument;
  if (earlier->board == nullptr || earlier->board != later->board) return Return::invalid_argument;
  const Board& board = *later->board;
  const std::optional<sim::Shares> shares = between(earlier->latch, later->latch, board);
  const u32 links = nvlinks_of(*board.facts().chip);
  for (u32 i = 0; i < request->count; ++i) answer(request->metrics[i], shares, links);
  return Return::success;
}

}  // namespace assay::nvml_sim

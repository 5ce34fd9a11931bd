// SPDX-License-Identifier: Apache-2.0
#include "assay/causes/named_loss.hpp"

#include <algorithm>
#include <optional>

namespace assay::causes {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kIdle[] = {"idle_held"};
constexpr std::string_view kEmpty[] = {"empty_sms"};
constexpr std::string_view kStalled[] = {"stalled"};
constexpr std::string_view kIdleAndEmpty[] = {"idle_held", "empty_sms"};
constexpr std::string_view kNotEngaged[] = {"idle_held", "empty_sms", "stalled"};
constexpr std::string_view kActive[] = {"stalled", "engaged", "overwork", "useful"};
constexpr std::string_view kBusy[] = {"empty_sms", "stalled", "engaged", "overwork", "useful"};

}  // namespace

Names parts_named_by(Cause cause) {
  switch (cause) {
    case Cause::held_idle:
    case Cause::host_bound: return kIdle;
    case Cause::launch_bound: return kIdleAndEmpty;
    case Cause::grid_too_small:
    case Cause::tail_wave: return kEmpty;
    case Cause::latency_bound: return kStalled;
    case Cause::transfer_bound:
    case Cause::communication_bound:
    case Cause::dram_bound:
    case Cause::healthy: return kNotEngaged;
    case Cause::wrong_pipe:
    case Cause::divergent_lanes: return kActive;
    case Cause::throttled:
    case Cause::spinning: return kBusy;
  }
  return {};
}

double named_loss(Cause cause, const ladder::Losses& losses) {
  const Names names = parts_named_by(cause);
  double sum = 0;
  bool all_known = true;
  for (const ladder::Part& part : losses.parts) {
    if (std::ranges::find(names, part.name) == names.end()) continue;
    if (part.share.value()) sum += part.share.value()->value();
    else all_known = false;
  }
  return std::clamp(all_known ? sum : sum + losses.unattributed.value(), 0.0, 1.0);
}

void lay_beside(std::vector<Finding>& findings, double part_of_time, const ladder::Losses& whole,
                std::optional<DollarsPerHour> price) {
  for (Finding& finding : findings) {
    std::optional<DollarsPerHour>& saved = finding.counterfactual.saved_max;
    if (!saved || !price) continue;
    const DollarsPerHour most = Ratio::fraction(named_loss(finding.cause, whole)) * *price;
    saved = std::min(Ratio::fraction(std::clamp(part_of_time, 0.0, 1.0)) * *saved, most);
  }
}

}  // namespace assay::causes

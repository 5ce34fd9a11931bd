// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/coverage.hpp"

#include <algorithm>
#include <map>

namespace assay::fleet {
namespace {

bool is_target(const exposition::Label& label) {
  return label.name == "job" || label.name == "instance";
}

std::string target_of(const exposition::Labels& labels) {
  return std::string(exposition::label(labels, "job")) + '\n' +
         std::string(exposition::label(labels, "instance"));
}

}  // namespace

Coverage::Coverage(const Answer& intervals, const Answer& counts, Seconds window) {
  std::map<std::string, double> most;
  for (const Row& row : counts.rows) most[target_of(row.labels)] = row.value;
  std::vector<double> values;
  for (const Row& row : intervals.rows) {
    if (row.value <= 0) continue;
    std::string target = target_of(row.labels);
    double interval = row.value;
    if (const auto count = most.find(target); count != most.end() && count->second > 0)
      interval = std::min(interval, window.value() / count->second);
    intervals_.emplace_back(std::move(target), interval);
    values.push_back(interval);
  }
  // The first answer of a target's holds.
  std::ranges::stable_sort(intervals_, {}, &std::pair<std::string, double>::first);
  if (values.empty()) return;
  const auto [least, greatest] = std::ranges::minmax(values);
  least_ = least;
  uniform_ = greatest <= 1.1 * least;
  for (const Row& row : counts.rows)
    longest_ = std::max(longest_, Seconds(row.value * interval_of(row.labels)));
  longest_ = std::min(longest_, window);
}

double Coverage::interval_of(const exposition::Labels& labels) const {
  const std::string target = target_of(labels);
  const auto found =
      std::ranges::lower_bound(intervals_, target, {}, &std::pair<std::string, double>::first);
  return found != intervals_.end() && found->first == target ? found->second : least_;
}

Answer Coverage::hours(const Answer& samples) const {
  std::map<std::string, Row> once;
  for (const Row& row : samples.rows) {
    Row weighed{row.labels, row.value * interval_of(row.labels) / 3600};
    std::erase_if(weighed.labels, is_target);
    const auto [kept, fresh] = once.try_emplace(exposition::to_text("", weighed.labels), weighed);
    if (!fresh) kept->second.value = std::max(kept->second.value, weighed.value);
  }
  Answer out{{}, samples.warnings, samples.partial};
  for (auto& [key, row] : once) out.rows.push_back(std::move(row));
  return out;
}

}  // namespace assay::fleet

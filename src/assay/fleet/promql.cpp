// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/promql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace assay::fleet {
namespace {

constexpr std::array<std::pair<By, std::string_view>, 6> kWords = {{{By::node, "node"},
                                                                    {By::job, "job"},
                                                                    {By::user, "user"},
                                                                    {By::pod, "pod"},
                                                                    {By::chip, "chip"},
                                                                    {By::cause, "cause"}}};

constexpr std::string_view kLost =
    "assay_loss_ratio{loss=~\"not_held|idle_held|empty_sms|stalled|overwork\"}";

// "[3600s] offset 3600s"
std::string over(Seconds window, Seconds back) {
  std::string text = fmt::format("[{:.0f}s]", std::ceil(window.value()));
  if (back > Seconds(0)) text += fmt::format(" offset {:.0f}s", std::ceil(back.value()));
  return text;
}

// Of one device, whatever else its series say.
std::string_view device_labels(Names names) {
  return names == Names::assay ? "uuid,device,node" : "UUID,gpu,Hostname";
}
std::string_view present_metric(Names names) {
  return names == Names::assay ? "assay_device_info" : "DCGM_FI_DEV_GPU_UTIL";
}

std::string by_labels(By by, Names names, std::string_view more = "") {
  std::string text;
  for (const std::string_view label : labels_of(by, names)) text += fmt::format("{},", label);
  if (by != By::chip) text += fmt::format("{},", chip_label(names));
  if (!more.empty()) text += fmt::format("{},", more);
  text.pop_back();
  return text;
}

std::string summed(std::string_view metric, const std::string& labels, const std::string& range) {
  return fmt::format("sum by ({}) (sum_over_time({}{}))", labels, metric, range);
}

}  // namespace

std::string_view to_string(By by) { return kWords[static_cast<std::size_t>(by)].second; }

std::optional<By> parse_by(std::string_view word) {
  for (const auto& [by, name] : kWords)
    if (name == word) return by;
  return std::nullopt;
}

std::vector<std::string_view> labels_of(By by, Names names) {
  const bool own = names == Names::assay;
  switch (by) {
    case By::node:
      return own ? std::vector<std::string_view>{"node"}
                 : std::vector<std::string_view>{"Hostname"};
    case By::job:
      return own ? std::vector<std::string_view>{"slurm_job"}
                 : std::vector<std::string_view>{"hpc_job"};
    case By::user: return {"user"};
    case By::pod: return {"pod", "exported_pod", "namespace", "pod_uid"};
    case By::chip:
    case By::cause: return {chip_label(names)};
  }
  return {};
}

std::string_view chip_label(Names names) { return names == Names::assay ? "chip" : "modelName"; }

SeenQueries seen_queries(Names names, Seconds window) {
  const std::string range = over(window, Seconds(0));
  const std::string_view present = present_metric(names);
  const std::string_view device = device_labels(names);
  return {fmt::format("max(count by ({0}) (count by ({0},job,instance) (count_over_time({1}{2}))))",
                      device, present, range),
          fmt::format("max by (job,instance) (count_over_time({}{}))", present, range)};
}

std::vector<std::string> interval_queries(Names names, Seconds window) {
  const double s = window.value();
  // Span and step: what is there now, a server that is young, and then all that is gone.
  const std::array<std::pair<double, double>, 4> grids = {
      {{std::min(s, 2400.0), std::min(s / 8, 300.0)},
       {std::min(s, 120.0), std::min(s / 8, 15.0)},
       {s, s / 64},
       {s, s / 512}}};
  std::vector<std::string> all;
  for (const auto& [span, step] : grids)
    all.push_back(fmt::format(
        "quantile_over_time(0.5, ((max by (job,instance) (timestamp({0})) - max by (job,instance) "
        "(timestamp({0} offset {1:.0f}s))) / max by (job,instance) "
        "(count_over_time({0}[{1:.0f}s])))[{2:.0f}s:{1:.0f}s])",
        present_metric(names), std::ceil(std::max(step, 1.0)), std::ceil(span)));
  return all;
}

Queries queries(By by, Names names, Seconds window, Seconds back, bool apart) {
  const std::string range = over(window, back);
  const std::string more =
      apart ? fmt::format("{},job,instance", device_labels(names)) : std::string();
  const std::string labels = by_labels(by, names, more);
  const std::string_view present = present_metric(names);
  Queries all;
  all.devices = fmt::format("count by ({0}) (count by ({0},{1}) (count_over_time({2}{3})))",
                            by_labels(by, names), device_labels(names), present, range);
  if (names == Names::dcgm) {
    all.parts = fmt::format("sum by ({}) (count_over_time({}{}))", labels, present, range);
    all.losses = all.parts;
    return all;
  }
  const std::string with_loss = labels + ",loss";
  all.parts = summed("assay_loss_ratio", with_loss, range);
  all.losses = summed(kLost, with_loss, range);
  all.price = fmt::format("avg by ({}) (avg_over_time(assay_cost_dollars_per_hour{}))",
                          by_labels(by, names), range);
  return all;
}

DcgmQueries dcgm_queries(By by, Seconds window, Seconds back, bool apart) {
  const std::string range = over(window, back);
  const std::string labels =
      by_labels(by, Names::dcgm,
                apart ? fmt::format("{},job,instance", device_labels(Names::dcgm)) : std::string());
  return {summed("DCGM_FI_PROF_GR_ENGINE_ACTIVE", labels, range),
          summed("DCGM_FI_DEV_GPU_UTIL", labels, range) + " / 100",
          summed("DCGM_FI_PROF_SM_ACTIVE", labels, range)};
}

CauseQueries cause_queries(Seconds window, Seconds seen, Seconds back, bool apart) {
  const double span = std::ceil(std::min(seen, window).value());
  const double step = std::ceil(std::max(span / 30, 1.0));
  std::string sub = fmt::format("[{:.0f}s:{:.0f}s]", span, step);
  if (back > Seconds(0)) sub += fmt::format(" offset {:.0f}s", std::ceil(back.value()));
  // A step at which nothing has the cause adds nothing: a sum, never a mean of those that do.
  const auto meanwhile = [&](std::string_view rate) {
    return fmt::format(
        "sum_over_time((sum by (cause) (max by (uuid,cause) (0 * assay_finding{{rank=\"1\"}}) + on "
        "(uuid) group_left () {})){}) * {:.0f} / 3600",
        rate, sub, step);
  };
  return {fmt::format("sum by (cause{}) (count_over_time(assay_finding{{rank=\"1\"}}{}))",
                      apart ? ",uuid,device,node,job,instance" : "", over(window, back)),
          meanwhile("max by (uuid) (assay_lost_at_least_dollars_per_hour)"),
          meanwhile(fmt::format("sum by (uuid) (max by (uuid,loss) ({}))", kLost))};
}

std::string what_if_query(Names names, Seconds window) {
  const std::string range = over(window, Seconds(0));
  if (names == Names::dcgm)
    return fmt::format(
        "count by (modelName) (max by (UUID,gpu,Hostname,modelName) ((avg_over_time("
        "DCGM_FI_DEV_GPU_UTIL{}) < 10) and last_over_time(DCGM_FI_DEV_GPU_UTIL[5m])))",
        range);
  return fmt::format(
      "count by (chip,loss) (max by (uuid,device,node,chip,loss) (avg_over_time("
      "assay_loss_ratio{{loss=~\"idle_held|not_held|empty_sms\"}}{}) > 0.9) and on "
      "(uuid,device,node) count_over_time(assay_device_info[5m]))",
      range);
}

std::string trend_query() {
  return "sum(max by (uuid,device,node) (assay_lost_at_least_dollars_per_hour))";
}

LoadQueries load_queries(Names names, Seconds window) {
  const std::string range = over(window, Seconds(0));
  if (names == Names::assay)
    return {"count by (uuid,chip) (count_over_time(assay_device_info[5m]))",
            fmt::format("max by (uuid,chip) (max_over_time(assay_memory_used_bytes{}))", range),
            fmt::format("max by (uuid,chip) (max_over_time(assay_memory_total_bytes{}))", range),
            fmt::format("avg by (uuid,chip) (avg_over_time(assay_rung_ratio{{rung=\"busy\"}}{}))",
                        range)};
  return {
      "count by (UUID,modelName) (count_over_time(DCGM_FI_DEV_GPU_UTIL[5m]))",
      fmt::format("max by (UUID,modelName) (max_over_time(DCGM_FI_DEV_FB_USED{})) * 1048576",
                  range),
      fmt::format("max by (UUID,modelName) (max_over_time(DCGM_FI_DEV_FB_USED{0}) + "
                  "max_over_time(DCGM_FI_DEV_FB_FREE{0})) * 1048576",
                  range),
      fmt::format("avg by (UUID,modelName) (avg_over_time(DCGM_FI_DEV_GPU_UTIL{})) / 100", range)};
}

}  // namespace assay::fleet

// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/prometheus.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "assay/wire/prometheus_writer.hpp"

namespace assay::wire {
namespace {

using appraise::Appraisal;
using appraise::AppraisedSnapshot;

template <typename T>
std::optional<double> plain(const std::optional<T>& value) {
  return value ? std::optional<double>(value->value()) : std::nullopt;
}

// "device" is the word of dashboards for NVML's index.
LabelTexts labels_of(const AppraisedSnapshot& snapshot, const PrometheusOptions& options) {
  LabelTexts all;
  for (std::size_t i = 0; i < snapshot.devices.size(); ++i) {
    const sample::DeviceFacts& facts = snapshot.devices[i].facts;
    all.push_back(fmt::format(
        "{{device=\"{}\",{},{},{},{}{}", facts.index, label_text("uuid", facts.uuid),
        label_text("chip", facts.chip), label_text("node", options.node),
        label_text("origin", sample::to_string(snapshot.origin.kind)), holder_labels(options, i)));
  }
  return all;
}

void write_info(PrometheusWriter& out, const AppraisedSnapshot& snapshot,
                const LabelTexts& labels) {
  out.family("assay_device_info", "gauge", "A device that is looked at; always 1.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const sample::DeviceFacts& facts = snapshot.devices[i].facts;
    const std::string more = fmt::format(
        "{},{},{},{}", label_text("name", facts.name), label_text("pci", facts.pci),
        label_text("driver", facts.driver), label_text("origin_name", snapshot.origin.name));
    out.sample(labels[i], more, 1);
  }
  out.family("assay_device_present", "gauge",
             "1 while the device answers, 0 once it is stale or "
             "lost.");
  for (std::size_t i = 0; i < labels.size(); ++i)
    out.sample(labels[i], "", snapshot.devices[i].sample.presence == sample::Presence::ok ? 1 : 0);
}

void write_ladder(PrometheusWriter& out, const AppraisedSnapshot& snapshot,
                  const LabelTexts& labels) {
  out.family("assay_rung_ratio", "gauge", "The utilization ladder: each rung at least the next.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const ladder::Ladder& ladder = snapshot.devices[i].ladder;
    out.sample(labels[i], "rung=\"held\"", plain(ladder.held.value()));
    out.sample(labels[i], "rung=\"busy\"", plain(ladder.busy.value()));
    out.sample(labels[i], "rung=\"sm_active\"", plain(ladder.sm_active.value()));
    out.sample(labels[i], "rung=\"sol\"", plain(ladder.sol.value.value()));
    out.sample(labels[i], "rung=\"useful\"", plain(ladder.useful.value()));
  }
  out.family("assay_loss_ratio", "gauge",
             "Parts of the device's capacity; those that are known and unattributed sum to 1.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const ladder::Losses& losses = snapshot.devices[i].ladder.losses;
    for (const ladder::Part& part : losses.parts)
      out.sample(labels[i], label_text("loss", part.name), plain(part.share.value()));
    out.sample(labels[i], "loss=\"unattributed\"", losses.unattributed.value());
  }
  out.family("assay_limiter", "gauge", "What the speed of light is of; always 1.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const ladder::Limiter limiter = snapshot.devices[i].ladder.sol.limiter;
    if (limiter != ladder::Limiter::none)
      out.sample(labels[i], label_text("limiter", ladder::to_string(limiter)), 1);
  }
}

void write_money(PrometheusWriter& out, const AppraisedSnapshot& snapshot,
                 const LabelTexts& labels) {
  using Field = std::optional<DollarsPerHour> ladder::Cost::*;
  constexpr std::array<std::tuple<std::string_view, std::string_view, Field>, 3> kFamilies = {
      {{"assay_cost_dollars_per_hour", "What an hour of the device costs.",
        &ladder::Cost::per_hour},
       {"assay_lost_dollars_per_hour", "What the losses cost; no series while a part is unknown.",
        &ladder::Cost::lost},
       {"assay_lost_at_least_dollars_per_hour", "What the known losses cost.",
        &ladder::Cost::lost_at_least}}};
  for (const auto& [name, help, field] : kFamilies) {
    out.family(name, "gauge", help);
    for (std::size_t i = 0; i < labels.size(); ++i)
      out.sample(labels[i], "", plain(snapshot.devices[i].cost.*field));
  }
}

void write_findings(PrometheusWriter& out, const AppraisedSnapshot& snapshot,
                    const LabelTexts& labels) {
  out.family("assay_finding", "gauge",
             "Why: the cause of this rank, and how sure it is (0 to 1); docs/causes.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    int rank = 0;
    for (const causes::Finding& finding : snapshot.devices[i].findings)
      out.sample(labels[i],
                 fmt::format("rank=\"{}\",{}", ++rank,
                             label_text("cause", causes::info(finding.cause).id)),
                 finding.confidence);
  }
  out.family("assay_holders", "gauge", "Processes that hold the device.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const sample::Sample& sample = snapshot.devices[i].sample;
    if (sample.processes_reason == sample::Reason::none)
      out.sample(labels[i], "", static_cast<double>(sample.processes.size()));
  }
}

void write_readings(PrometheusWriter& out, const AppraisedSnapshot& snapshot,
                    const LabelTexts& labels) {
  for (const metric::Def& def : metric::all()) {
    out.family(prometheus_name(def), metric::to_string(def.kind), def.help);
    for (std::size_t i = 0; i < labels.size(); ++i)
      out.sample(labels[i], "", exported(snapshot.devices[i].sample, def.id));
  }
}

void write_states(PrometheusWriter& out, const AppraisedSnapshot& snapshot,
                  const LabelTexts& labels, bool dcgm_names) {
  out.family("assay_reading_state", "gauge",
             "A reading that is not simply measured, and why; always 1.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const sample::Sample& sample = snapshot.devices[i].sample;
    if (dcgm_names && gpu_util_stands_in(sample))
      out.sample(labels[i],
                 fmt::format("metric=\"{}\",state=\"estimated\",reason=\"{}\"", kDcgmEngineActive,
                             sample::to_string(sample.at_id(metric::Id::graphics_util).reason())),
                 1);
    for (const metric::Def& def : metric::all()) {
      const sample::Reading<double>& reading = sample.at_id(def.id);
      if (reading.state() <= sample::State::derived) continue;
      const std::string more =
          fmt::format("metric=\"{}\",state=\"{}\",reason=\"{}\"", def.name,
                      sample::to_string(reading.state()), sample::to_string(reading.reason()));
      out.sample(labels[i], more, 1);
    }
  }
}

}  // namespace

std::string prometheus_name(const metric::Def& def) {
  std::string name = "assay_" + std::string(def.name);
  if (def.unit != metric::Unit::count) name += "_" + std::string(metric::to_string(def.unit));
  if (def.kind == metric::Kind::counter) name += "_total";
  return name;
}

std::string prometheus_text(const AppraisedSnapshot& snapshot, const PrometheusOptions& options) {
  const LabelTexts labels = labels_of(snapshot, options);
  PrometheusWriter out;
  write_info(out, snapshot, labels);
  write_ladder(out, snapshot, labels);
  write_money(out, snapshot, labels);
  write_findings(out, snapshot, labels);
  write_readings(out, snapshot, labels);
  write_states(out, snapshot, labels, options.dcgm_names);
  write_engine(out, snapshot, options);
  if (options.dcgm_names) write_dcgm(out, snapshot, options);
  return out.take();
}

}  // namespace assay::wire

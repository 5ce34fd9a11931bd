// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/csv.hpp"

#include <fmt/format.h>

#include <array>

#include "assay/format/format.hpp"

namespace assay::wire {
namespace {

using appraise::Appraisal;
using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::State;

// The metrics that have columns of their own; all are in the JSON lines.
constexpr std::array kMetrics = {
    Id::sm_active, Id::sm_occupancy, Id::dram_util,    Id::tensor_util,     Id::fp64_util,
    Id::fp32_util, Id::fp16_util,    Id::int_util,     Id::pcie_rx,         Id::pcie_tx,
    Id::nvlink_rx, Id::nvlink_tx,    Id::power,        Id::energy,          Id::temperature,
    Id::sm_clock,  Id::memory_used,  Id::memory_total, Id::throttle_reasons};
constexpr std::array<std::string_view, 8> kParts = {"not_held", "idle_held",   "empty_sms",
                                                    "stalled",  "engaged",     "overwork",
                                                    "useful",   "unattributed"};
// Rungs are raised to the one below them: not what the metric of that name read.
constexpr std::array<std::string_view, 5> kRungs = {
    "ladder_held", "ladder_busy", "ladder_sm_active", "ladder_sol", "ladder_useful"};

std::string quoted(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string state_word(State state, Reason reason) {
  std::string word(sample::to_string(state));
  return reason == Reason::none ? word : fmt::format("{}:{}", word, sample::to_string(reason));
}

class Line {
 public:
  void text(std::string_view cell) {
    out_ += fmt::format("{}{}", first_ ? "" : ",", quoted(cell));
    first_ = false;
  }
  void number(std::optional<double> value) { text(value ? fmt::format("{}", *value) : ""); }
  template <typename T>
  void reading(const Reading<T>& of) {
    if constexpr (std::is_same_v<T, double>) {
      number(of.value());
    } else {
      const auto value = of.value();
      number(value ? std::optional(value->value()) : std::nullopt);
    }
    text(state_word(of.state(), of.reason()));
  }
  [[nodiscard]] std::string take() { return std::move(out_) + "\n"; }

 private:
  std::string out_;
  bool first_ = true;
};

template <typename T>
std::optional<double> plain(const std::optional<T>& quantity) {
  return quantity ? std::optional(quantity->value()) : std::nullopt;
}

void parts(Line& line, const ladder::Losses& losses) {
  for (const std::string_view name : kParts) {
    if (name == "unattributed") {
      line.number(losses.unattributed.value());
      continue;
    }
    std::optional<double> share;
    for (const ladder::Part& part : losses.parts)
      if (part.name == name) share = plain(part.share.value());
    line.number(share);
  }
}

void first_cause(Line& line, const Appraisal& device) {
  if (device.findings.empty()) {
    line.text("");
    return line.text("");
  }
  line.text(causes::info(device.findings.front().cause).id);
  line.number(device.findings.front().confidence);
}

std::string row(const appraise::AppraisedSnapshot& snapshot, const Appraisal& device,
                const sample::Origin* recorded) {
  constexpr std::array<std::string_view, 3> kPresence = {"ok", "stale", "lost"};
  Line line;
  line.text(format::wall_iso(device.sample.at));
  line.text(sample::to_string(snapshot.origin.kind));
  line.text(snapshot.origin.name);
  line.text(recorded != nullptr ? sample::to_string(recorded->kind) : "");
  line.number(device.facts.index);
  line.text(device.facts.uuid);
  line.text(device.facts.name);
  line.text(device.facts.chip);
  line.number(device.sample.window.value());
  line.text(kPresence[static_cast<std::size_t>(device.sample.presence)]);
  line.reading(device.sample.get<Id::gpu_util>());
  line.reading(device.ladder.held);
  line.reading(device.ladder.busy);
  line.reading(device.ladder.sm_active);
  line.reading(device.ladder.sol.value);
  line.reading(device.ladder.useful);
  line.text(device.ladder.sol.limiter == ladder::Limiter::none
                ? std::string_view()
                : ladder::to_string(device.ladder.sol.limiter));
  parts(line, device.ladder.losses);
  line.number(plain(device.cost.per_hour));
  line.number(plain(device.cost.lost));
  line.number(plain(device.cost.lost_at_least));
  first_cause(line, device);
  const bool listed = device.sample.processes_reason == Reason::none;
  line.number(listed ? std::optional(static_cast<double>(device.sample.processes.size()))
                     : std::nullopt);
  for (const Id id : kMetrics) line.reading(device.sample.at_id(id));
  return line.take();
}

}  // namespace

std::string csv_header() {
  Line line;
  for (const std::string_view name : {"at", "origin", "origin_name", "recorded_from", "device",
                                      "uuid", "name", "chip", "window_s", "presence"})
    line.text(name);
  const auto with_state = [&](std::string_view name) {
    line.text(name);
    line.text(fmt::format("{}_state", name));
  };
  with_state(metric::def(Id::gpu_util).name);
  for (const std::string_view rung : kRungs) with_state(rung);
  line.text("limiter");
  for (const std::string_view part : kParts) line.text(part);
  for (const std::string_view name :
       {"usd_per_hour", "lost_usd_per_hour", "lost_usd_per_hour_at_least", "cause",
        "cause_confidence", "processes"})
    line.text(name);
  for (const Id id : kMetrics) with_state(metric::def(id).name);
  return line.take();
}

std::string csv_rows(const appraise::AppraisedSnapshot& snapshot, const sample::Origin* recorded) {
  std::string out;
  for (const Appraisal& device : snapshot.devices) out += row(snapshot, device, recorded);
  return out;
}

}  // namespace assay::wire

// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/merge.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "assay/base/check.hpp"

namespace assay::sample {
namespace {

bool is_mean_over_window(const metric::Def& def) {
  if (def.kind == metric::Kind::counter) return false;
  switch (def.unit) {
    case metric::Unit::ratio:
    case metric::Unit::watts:
    case metric::Unit::bytes_per_second: return true;
    default: return false;
  }
}

std::string gone_text(int lost, int stale, int windows) {
  std::string text;
  if (lost > 0) text = "lost in " + std::to_string(lost);
  if (stale > 0)
    text += std::string(lost > 0 ? " and " : "") + "without an answer in " + std::to_string(stale);
  return text + " of " + std::to_string(windows) + " windows: what it did then is not known";
}

}  // namespace

void Merger::add_held(const Sample& window) {
  if (window.presence != Presence::ok || window.processes_reason != Reason::none) return;
  const bool now = !window.processes.empty();
  const double share = (now ? 0.5 : 0.0) + (held_.value_or(now) ? 0.5 : 0.0);
  held_time_ += window.window * share;
  held_seen_ += window.window;
  held_ = now;
  ++held_windows_;
}

void Merger::add(const Sample& window) {
  add_held(window);
  const Sample before = merged_ ? std::move(*merged_) : Sample{};
  const bool first = !merged_;
  ++windows_;
  if (window.presence != Presence::ok) {
    ++(window.presence == Presence::lost ? lost_ : stale_);
  }
  merged_ = window;
  if (!first && before.presence == Presence::ok && window.presence != Presence::ok) {
    merged_->presence = Presence::ok;
    merged_->processes = before.processes;
    merged_->processes_reason = before.processes_reason;
  }
  merged_->window = before.window + window.window;
  for (const metric::Def& def : metric::all()) {
    const Reading<double>& reading = window.at_id(def.id);
    if (reading.usable()) {
      Mean& mean = means_[metric::index(def.id)];
      const Seconds weight = window.window > Seconds(0) ? window.window : Seconds(1);
      mean.weighted += *reading.value() * weight.value();
      mean.total += weight;
      mean.seen += reading.window();
      ++mean.sound;
      if (reading.state() == State::estimated) mean.assumed = reading.reason();
    } else if (!first && before.at_id(def.id).usable()) {
      merged_->at_id(def.id) = before.at_id(def.id);
    }
  }
}

void Merger::set_gone(Sample& result) const {
  if (result.presence != Presence::ok || lost_ + stale_ == 0) return;
  result.trouble = gone_text(lost_, stale_, windows_);
}

Sample Merger::result() const {
  CHECK(merged_.has_value());
  Sample result = *merged_;
  set_gone(result);
  const int enough = lost_ + stale_ > 0 ? 1 : 2;  // a list that is not of all the time
  if (held_windows_ >= enough && held_seen_ > Seconds(0))
    result.held =
        Reading<Ratio>::derived(Ratio::fraction(held_time_ / held_seen_), Source::nvml, held_seen_);
  for (const metric::Def& def : metric::all()) {
    const Mean& mean = means_[metric::index(def.id)];
    if (mean.sound < 2 || !is_mean_over_window(def)) continue;
    const double value = mean.weighted / mean.total.value();
    const Source source = result.at_id(def.id).source();
    // Of a time longer than all windows nothing is told: what began before them, or was told twice.
    const Seconds seen =
        result.window > Seconds(0) ? std::min(mean.seen, result.window) : mean.seen;
    result.at_id(def.id) = mean.assumed
                               ? Reading<double>::estimated(value, *mean.assumed, source, seen)
                               : Reading<double>::derived(value, source, seen);
  }
  return result;
}

Sample merge(std::span<const Sample> windows) {
  Merger merger;
  for (const Sample& window : windows) merger.add(window);
  return merger.result();
}

}  // namespace assay::sample

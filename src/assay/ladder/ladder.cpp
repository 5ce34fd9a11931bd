// SPDX-License-Identifier: Apache-2.0
#include "assay/ladder/ladder.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "assay/ladder/resident.hpp"
#include "assay/ladder/rung.hpp"

namespace assay::ladder {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::Sample;
using sample::Source;

Rung held_rung(const Sample& sample) {
  if (sample.presence != sample::Presence::ok)
    return Rung::unknown(
        sample.presence == sample::Presence::lost ? Reason::device_lost : Reason::timeout,
        Source::nvml);
  if (sample.held.usable()) return sound(sample.held);
  if (sample.processes_reason != Reason::none)
    return Rung::unknown(sample.processes_reason, Source::nvml);
  return Rung::measured(Ratio::fraction(sample.processes.empty() ? 0.0 : 1.0), Source::nvml);
}

// As it is if it covers that share of the window, else estimated: a part stands for the whole.
Rung standing_for(const Sample& sample, const Rung& rung, double share) {
  if (!rung.usable() || rung.window() >= sample.window * share) return rung;
  return Rung::estimated(*rung.value(), Reason::sampled, rung.source(), rung.window());
}

// A value computed from these: estimated if one of them is, for that one's reason.
Rung computed(Ratio value, Source source, Seconds window, std::initializer_list<Rung> from) {
  for (const Rung& rung : from)
    if (rung.state() == sample::State::estimated)
      return Rung::estimated(value, rung.reason(), source, window);
  return Rung::derived(value, source, window);
}

// The counter over the very window first; the driver's own sampling period only where there is no
// counter, because it is short and ends up to a second before the window does. Of windows made into
// one the counter may cover a few only: it is asked for now and then.
Rung busy_rung(const Sample& sample) {
  const Rung counter = sound_ratio(sample, Id::graphics_util);
  const Rung driver = sound_ratio(sample, Id::gpu_util);
  const bool saw_less = counter.window() < sample.window * 0.5 && driver.usable() &&
                        counter.window() < driver.window();
  if (counter.usable() && !saw_less) return standing_for(sample, counter, 0.5);
  const Rung mean = sound_ratio(sample, Id::gpu_util_samples);
  // The driver's buffer is read less often than once a window: an older mean is another window's.
  if (mean.usable() && mean.window() <= sample.window * 1.5) return standing_for(sample, mean, 0.5);
  return standing_for(sample, driver, 1.0);
}

// A rung is at least the one below it. If the upper is unknown, a full lower rung still fixes it.
Rung raised_to(const Rung& upper, const Rung& lower) {
  if (!lower.value()) return upper;
  if (upper.value()) {
    if (*upper.value() >= *lower.value()) return upper;
    return computed(*lower.value(), lower.source(), lower.window(), {lower});
  }
  if (lower.value()->value() >= 1.0)
    return computed(*lower.value(), lower.source(), lower.window(), {lower});
  return upper;
}

Rung difference(const Rung& upper, const Rung& lower) {
  if (!upper.value()) return Rung::unknown(upper.reason(), upper.source(), upper.window());
  if (!lower.value()) return Rung::unknown(lower.reason(), lower.source(), lower.window());
  const double gap = std::max(0.0, upper.value()->value() - lower.value()->value());
  return computed(Ratio::fraction(gap), Source::computed, lower.window(), {upper, lower});
}

// The part of the window that the rungs are of. Of windows made into one some may be without the
// device: it is there and in trouble, and the lists of processes cover the rest (sample::Merger).
double seen_share(const Sample& sample) {
  if (sample.presence != sample::Presence::ok || sample.trouble.empty() || !sample.held.usable() ||
      sample.window <= Seconds(0))
    return 1.0;
  return std::min(1.0, sample.held.window() / sample.window);
}

// `seen`: the share of the time that the rungs are of; the rest is unattributed.
Losses losses_of(const Ladder& ladder, double seen) {
  const Rung whole = Rung::derived(Ratio::fraction(1.0), Source::computed);
  const Rung& sol = ladder.sol.value;
  Losses losses;
  losses.parts = {
      {"not_held", "nobody holds it", difference(whole, ladder.held)},
      {"idle_held", "held, no kernel resident", difference(ladder.held, ladder.busy)},
      {"empty_sms", "kernel resident, SMs empty", difference(ladder.busy, ladder.sm_active)},
      {"stalled", "warps resident, limiter idle", difference(ladder.sm_active, sol)}};
  if (ladder.useful.value()) {
    losses.parts.push_back({"overwork", "engaged, not asked for", difference(sol, ladder.useful)});
    losses.parts.push_back({"useful", "useful work", ladder.useful, false});
  } else {
    losses.parts.push_back({"engaged", "engaged at the limiter", sol, false});
  }
  for (Part& part : losses.parts)
    if (seen < 1.0 && part.share.value())
      part.share = computed(*part.share.value() * Ratio::fraction(seen), Source::computed,
                            part.share.window(), {part.share});
  double known = 0;
  for (const Part& part : losses.parts)
    if (part.share.value()) known += part.share.value()->value();
  losses.unattributed = Ratio::fraction(std::max(0.0, 1.0 - known));
  return losses;
}

}  // namespace

Ladder climb(const Sample& sample, const LinkPeaks& peaks, Reading<Ratio> useful) {
  return climb_with_busy(sample, peaks, useful, busy_rung(sample));
}

Ladder climb_with_busy(const Sample& sample, const LinkPeaks& peaks, const Reading<Ratio>& useful,
                       const Reading<Ratio>& busy) {
  Ladder ladder;
  ladder.useful = sound(useful);
  ladder.sol = speed_of_light(sample, peaks);
  // The highest rung known so far: an unknown rung in between must not hide it from those above.
  Rung floor = ladder.useful;
  for (auto& [rung, measured] : std::initializer_list<std::pair<Rung*, Rung>>{
           {&ladder.sol.value, ladder.sol.value},
           {&ladder.sm_active, sound_ratio(sample, Id::sm_active)},
           {&ladder.busy, sound(busy)},
           {&ladder.held, held_rung(sample)}}) {
    *rung = raised_to(measured, floor);
    if (rung->value()) floor = *rung;
  }
  ladder.sm_active_raised = ladder.sm_active.value() != sound_ratio(sample, Id::sm_active).value();
  if (ladder.sm_active.source() == Source::gpm || ladder.sol.value.source() == Source::gpm) {
    ladder.route = metric::to_string(Source::gpm);
  } else if (ladder.busy.source() != Source::none) {
    ladder.route = metric::to_string(ladder.busy.source());
  }
  ladder.losses = losses_of(ladder, seen_share(sample));
  return ladder;
}

Part largest_loss(const Losses& losses) {
  Part largest{"none", "no loss known", Rung::unknown(Reason::missing_input)};
  for (const Part& part : losses.parts) {
    if (!part.is_loss || !part.share.value()) continue;
    if (!largest.share.value() || *part.share.value() > *largest.share.value()) largest = part;
  }
  return largest;
}

}  // namespace assay::ladder

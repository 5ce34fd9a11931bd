// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/work_span.hpp"

namespace assay::sample {
namespace {

using metric::Id;

// One thread on one SM of 132 for a hundredth of the time is 7.6e-5; an idle board reads 0.
constexpr double kSomeSm = 5e-5;
constexpr double kSomeTime = 0.05;  // GPU-Util: a context that is being made reads up to 3 %
constexpr double kSomeBytes = 1e9;  // a second, over PCIe
constexpr int kEnough = 2;          // whole windows

bool exceeds(const Sample& window, Id id, double least) {
  const auto value = window.at_id(id).value();
  return value && *value >= least;
}

}  // namespace

bool shows_work(const Sample& window) {
  return exceeds(window, Id::sm_active, kSomeSm) || exceeds(window, Id::gpu_util, kSomeTime) ||
         exceeds(window, Id::pcie_rx, kSomeBytes) || exceeds(window, Id::pcie_tx, kSomeBytes);
}

void WorkSpan::Part::add(const Sample& window) {
  merger.add(window);
  length += window.window;
  ++windows;
}

void WorkSpan::Track::add(const Sample& window, bool works) {
  if (works) inside = since;
  since.add(window);
  if (works) through = since;
}

void WorkSpan::begin(const Sample& window) {
  windows_ = 1;
  first_ = window;
  after_first_ = {};
  after_second_ = {};
}

void WorkSpan::add(const Sample& window) {
  all_.add(window);
  const bool works = shows_work(window);
  if (windows_ == 0) {
    if (works) begin(window);
    return;
  }
  const Track& known = after_first_;
  const Seconds worked = first_.window + (known.through ? known.through->length : Seconds(0));
  const Seconds paused = known.since.length - (worked - first_.window);
  if (works && !warmed_up_ && paused > Seconds(0)) {
    warmed_up_ = true;  // once: a pause that comes again is the job's own
    if (paused >= worked && paused <= kWarmUp) return begin(window);
  }
  if (++windows_ > 2) after_second_.add(window, works);
  after_first_.add(window, works);
}

Sample WorkSpan::result() const {
  if (windows_ == 0) return all_.result();
  const Track& known = after_first_;
  const Seconds worked = first_.window + (known.through ? known.through->length : Seconds(0));
  const Seconds rest = known.since.length - (worked - first_.window);
  if (rest > kLeaving && rest > worked) return known.since.merger.result();
  for (const Track* track : {&after_second_, &after_first_})
    if (track->inside && track->inside->windows >= kEnough) return track->inside->merger.result();
  if (known.through) return known.through->merger.result();
  return merge({&first_, 1});
}

}  // namespace assay::sample

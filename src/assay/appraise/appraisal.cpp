// SPDX-License-Identifier: Apache-2.0
#include "assay/appraise/appraisal.hpp"

#include <algorithm>
#include <initializer_list>

#include "assay/causes/diagnose.hpp"
#include "assay/causes/named_loss.hpp"
#include "assay/causes/traced.hpp"
#include "assay/ladder/resident.hpp"

namespace assay::appraise {

using metric::Id;

ladder::LinkPeaks link_peaks(const sample::Sample& sample, const BoardKnowledge& board) {
  ladder::LinkPeaks peaks;
  const auto generation = sample.get<Id::pcie_gen>().value();
  const auto lanes = sample.get<Id::pcie_width>().value();
  if (generation && lanes)
    peaks.pcie =
        ladder::pcie_rate(static_cast<int>(generation->value()), static_cast<int>(lanes->value()));
  // A copy that was slower than this window's traffic is no roof: then the link's own rate holds.
  const double seen = std::max(sample.get<Id::pcie_rx>().value().value_or(BytesPerSecond(0)),
                               sample.get<Id::pcie_tx>().value().value_or(BytesPerSecond(0)))
                          .value();
  if (board.roofs && board.roofs->pcie_h2d &&
      (!peaks.pcie || seen <= board.roofs->pcie_h2d->value() * ladder::kMostOverPeak))
    peaks.pcie = board.roofs->pcie_h2d;
  if (board.chip != nullptr)
    if (const catalog::Link* link = board.chip->link(catalog::LinkRole::scale_up))
      peaks.nvlink = link->one_way.value;
  return peaks;
}

namespace {

using sample::Reading;

// The trace knows no others' kernels: where the driver lists more processes than were traced, or
// records were lost, it tells the least that there was.
bool tells_all(const sample::KernelTable& table, const sample::Sample& sample) {
  return table.lost == 0 && sample.processes_reason == sample::Reason::none &&
         sample.processes.size() <= table.processes.size();
}

// The ladder of the device over a window; where the job was traced, busy is what its trace says:
// counters miss kernels of a microsecond, or count launching them, and the driver samples.
// `resident`: time with a kernel, by the trace.
ladder::Ladder climb_job(const Appraisal& device, const sample::Sample& window,
                         const Reading<Ratio>& useful, Seconds resident) {
  const ladder::LinkPeaks links = link_peaks(window, device.board);
  ladder::Ladder by_counters = ladder::climb(window, links, useful);
  if (resident <= Seconds(0) || window.window <= Seconds(0)) return by_counters;
  const sample::KernelTable& table = *device.job->kernels;
  const Ratio share = Ratio::fraction(std::min(1.0, resident / window.window));
  const auto seen = by_counters.busy.value();
  if (!tells_all(table, device.sample) && seen && *seen >= share) return by_counters;
  const auto busy = table.scale == 1
                        ? Reading<Ratio>::derived(share, sample::Source::trace, window.window)
                        : Reading<Ratio>::estimated(share, sample::Reason::sampled,
                                                    sample::Source::trace, window.window);
  return ladder::climb_with_busy(window, links, useful, busy);
}

std::optional<causes::Traced> trace_of(const Appraisal& device) {
  if (!device.job || device.job->kernels == nullptr) return std::nullopt;
  return causes::traced(*device.job->kernels, device.facts.uuid);
}

std::optional<double> ratio(const catalog::Chip& chip, Dtype vector,
                            std::initializer_list<Dtype> matrix) {
  const catalog::Peak* slow = chip.peak(vector, catalog::Engine::vector);
  if (slow == nullptr) return std::nullopt;
  std::optional<double> least;
  for (const Dtype dtype : matrix)
    if (const catalog::Peak* fast = chip.peak(dtype, catalog::Engine::matrix)) {
      const double one = slow->rate.value / fast->rate.value;
      least = std::min(one, least.value_or(1.0));
    }
  return least;
}

void find_causes(Appraisal& device) {
  const sample::Sample& seen = device.job ? device.job->working : device.sample;
  const ladder::LinkPeaks links = link_peaks(seen, device.board);
  const auto trace = trace_of(device);
  const Seconds resident = trace ? causes::resident_in(*trace, seen.window) : Seconds(0);
  const ladder::Ladder own =
      device.job
          ? climb_job(device, seen, Reading<Ratio>::unknown(sample::Reason::no_workload), resident)
          : device.ladder;
  const auto sms = device.facts.sm_count.value();
  device.findings = causes::diagnose(
      {.sample = seen,
       .ladder = own,
       .links = links,
       .sm_count = sms ? std::optional(static_cast<int>(sms->value())) : std::nullopt,
       .price = device.cost.per_hour,
       .kernels = device.job ? device.job->kernels.get() : nullptr,
       .uuid = device.facts.uuid,
       .microscope = device.job ? device.job->microscope : causes::Magnified{},
       .pipes = pipe_ratios(device.board)});
  if (!device.job || device.sample.window <= Seconds(0)) return;
  // What counters saw of the work are windows wholly inside it; the trace tells all of it.
  const double part = trace ? std::max(seen.window, trace->span) / device.sample.window : 1.0;
  causes::lay_beside(device.findings, part, device.ladder.losses, device.cost.per_hour);
}

void climb(Appraisal& device, const sample::Reading<Ratio>& useful) {
  const auto trace = trace_of(device);
  const Seconds resident = trace ? causes::resident_in(*trace, device.sample.window) : Seconds(0);
  device.ladder = climb_job(device, device.sample, useful, resident);
  device.cost = ladder::cost_of(device.ladder.losses, device.board.price);
  find_causes(device);
}

}  // namespace

causes::PipeRatios pipe_ratios(const BoardKnowledge& board) {
  if (board.chip == nullptr) return {};
  return {.fp32 = ratio(*board.chip, Dtype::fp32, {Dtype::tf32, Dtype::bf16, Dtype::fp16}),
          .fp64 = ratio(*board.chip, Dtype::fp64, {Dtype::fp64})};
}

void set_job(Appraisal& device, JobView job) {
  device.job = std::move(job);
  climb(device, device.ladder.useful);
}

void set_useful(Appraisal& device, const sample::Reading<Ratio>& useful) { climb(device, useful); }

Appraisal appraise(sample::DeviceSample device, BoardKnowledge board) {
  Appraisal appraisal;
  appraisal.facts = std::move(device.facts);
  if (board.chip != nullptr) {
    sample::Reading<Count>& sms = appraisal.facts.sm_count;
    appraisal.facts.chip = board.chip->id;
    if (const auto listed = board.chip->sm_count(); listed && !sms.usable())
      sms =
          sample::Reading<Count>::estimated(Count(*listed), sms.reason(), sample::Source::catalog);
  }
  appraisal.sample = std::move(device.sample);
  appraisal.board = std::move(board);
  climb(appraisal, sample::Reading<Ratio>::unknown(sample::Reason::no_workload));
  return appraisal;
}

}  // namespace assay::appraise

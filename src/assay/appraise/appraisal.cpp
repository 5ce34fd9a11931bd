// SPDX-License-Identifier: Apache-2.0
#include "assay/appraise/appraisal.hpp"

#include <algorithm>

#include "assay/causes/diagnose.hpp"

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

void find_causes(Appraisal& device) {
  const sample::Sample& seen = device.job ? device.job->working : device.sample;
  const ladder::LinkPeaks links = link_peaks(seen, device.board);
  const ladder::Ladder own = device.job ? ladder::climb(seen, links) : device.ladder;
  const auto sms = device.facts.sm_count.value();
  device.findings = causes::diagnose(
      {.sample = seen,
       .ladder = own,
       .links = links,
       .sm_count = sms ? std::optional(static_cast<int>(sms->value())) : std::nullopt,
       .price = device.cost.per_hour,
       .kernels = device.job ? device.job->kernels.get() : nullptr,
       .uuid = device.facts.uuid,
       .microscope = device.job ? device.job->microscope : causes::Magnified{}});
}

void climb(Appraisal& device, const sample::Reading<Ratio>& useful) {
  device.ladder = ladder::climb(device.sample, link_peaks(device.sample, device.board), useful);
  device.cost = ladder::cost_of(device.ladder.losses, device.board.price);
  find_causes(device);
}

}  // namespace

void set_job(Appraisal& device, JobView job) {
  device.job = std::move(job);
  find_causes(device);
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

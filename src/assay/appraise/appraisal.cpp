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

void climb(Appraisal& device, const sample::Reading<Ratio>& useful) {
  const ladder::LinkPeaks links = link_peaks(device.sample, device.board);
  const auto sms = device.facts.sm_count.value();
  device.ladder = ladder::climb(device.sample, links, useful);
  device.cost = ladder::cost_of(device.ladder.losses, device.board.price);
  device.findings = causes::diagnose(
      {.sample = device.sample,
       .ladder = device.ladder,
       .links = links,
       .sm_count = sms ? std::optional(static_cast<int>(sms->value())) : std::nullopt,
       .price = device.cost.per_hour});
}

}  // namespace

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

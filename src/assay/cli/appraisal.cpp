// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/appraisal.hpp"

#include "assay/causes/diagnose.hpp"

namespace assay::cli {

using metric::Id;

ladder::LinkPeaks link_peaks(const sample::Sample& sample, const BoardKnowledge& board) {
  ladder::LinkPeaks peaks;
  const auto generation = sample.get<Id::pcie_gen>().value();
  const auto lanes = sample.get<Id::pcie_width>().value();
  if (board.roofs && board.roofs->pcie_h2d) {
    peaks.pcie = board.roofs->pcie_h2d;
  } else if (generation && lanes) {
    peaks.pcie =
        ladder::pcie_rate(static_cast<int>(generation->value()), static_cast<int>(lanes->value()));
  }
  if (board.chip != nullptr)
    if (const catalog::Link* link = board.chip->link(catalog::LinkRole::scale_up))
      peaks.nvlink = link->one_way.value;
  return peaks;
}

Appraisal appraise(sample::DeviceSample device, BoardKnowledge board) {
  Appraisal appraisal;
  const ladder::LinkPeaks links = link_peaks(device.sample, board);
  const auto sms = device.facts.sm_count.value();
  appraisal.ladder = ladder::climb(device.sample, links);
  appraisal.cost = ladder::cost_of(appraisal.ladder.losses, board.price);
  appraisal.findings = causes::diagnose(
      {.sample = device.sample,
       .ladder = appraisal.ladder,
       .links = links,
       .sm_count = sms ? std::optional(static_cast<int>(sms->value())) : std::nullopt,
       .price = appraisal.cost.per_hour});
  appraisal.facts = std::move(device.facts);
  if (board.chip != nullptr) appraisal.facts.chip = board.chip->id;
  appraisal.sample = std::move(device.sample);
  appraisal.board = std::move(board);
  return appraisal;
}

}  // namespace assay::cli

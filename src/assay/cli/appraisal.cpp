// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/appraisal.hpp"

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
  appraisal.ladder = ladder::climb(device.sample, link_peaks(device.sample, board));
  appraisal.cost = ladder::cost_of(appraisal.ladder.losses, board.price);
  appraisal.facts = std::move(device.facts);
  if (board.chip != nullptr) appraisal.facts.chip = board.chip->id;
  appraisal.sample = std::move(device.sample);
  appraisal.board = std::move(board);
  return appraisal;
}

}  // namespace assay::cli

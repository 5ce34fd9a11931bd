// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/catalog/chip.hpp"
#include "assay/causes/finding.hpp"
#include "assay/causes/observation.hpp"
#include "assay/engine/report.hpp"
#include "assay/lab/roofs.hpp"
#include "assay/ladder/cost.hpp"
#include "assay/ladder/ladder.hpp"
#include "assay/plan/bridge.hpp"
#include "assay/sample/kernels.hpp"
#include "assay/sample/sample.hpp"

namespace assay::appraise {

// What is known of a board beside its counters. Everything may be absent: an unknown chip is still
// looked at, its price and roofs unknown.
struct BoardKnowledge {
  const catalog::Chip* chip = nullptr;
  std::optional<lab::Roofs> roofs;  // measured by `assay lab` on this very device
  std::optional<ladder::Price> price;
};

// The decode loop that the user told of, beside what the planner says of it.
struct DecodeComparison {
  std::string model;
  plan::Decoding decoding;
  plan::Bridge bridge;
};

// What is known of a job that ran on the device. The ladder stays that of the whole window, its
// busy rung by the trace; causes are of the job's own part, their dollars of the whole.
struct JobView {
  sample::Sample working;  // the job's own part of the window: sample::WorkSpan
  std::shared_ptr<const sample::KernelTable> kernels;  // null where nothing was traced
  causes::Magnified microscope = {};
};

// One device of a snapshot with its ladder, its cost and its causes: what every surface shows.
struct Appraisal {
  sample::DeviceFacts facts;
  sample::Sample sample;
  ladder::Ladder ladder;
  ladder::Cost cost;
  std::vector<causes::Finding> findings;  // why, the most probable first
  BoardKnowledge board;
  std::optional<JobView> job;
  std::optional<DecodeComparison> decode;
};

// A serving engine beside the devices that it runs on (serving.hpp fills it).
struct EngineBeside {
  engine::Report report;
  std::vector<std::size_t> devices;       // places in AppraisedSnapshot::devices
  engine::Figure usd_per_million_tokens;  // generated ones; input tokens ride along
  engine::Figure joules_per_token;        // power of the boards alone
  std::string no_light;  // why its devices have no useful rung: one sentence; empty where they have
};

struct AppraisedSnapshot {
  sample::WallTime at;
  sample::Origin origin;
  sample::SelfCost self;
  std::vector<Appraisal> devices;
  std::optional<EngineBeside> engine;
};

// The peaks of a device's links in one direction. PCIe: measured by `assay lab` if it has been run
// and this window's traffic does not disprove it, else from the link's own generation and width;
// NVLink: from the catalog.
ladder::LinkPeaks link_peaks(const sample::Sample& sample, const BoardKnowledge& board);

// Of a chip that is known: what its vector pipes can do of what its matrix units can.
causes::PipeRatios pipe_ratios(const BoardKnowledge& board);

// The ladder and the causes anew, from what is known of the job.
void set_job(Appraisal& device, JobView job);

// The ladder anew with a useful rung, and what follows from it.
void set_useful(Appraisal& device, const sample::Reading<Ratio>& useful);

// The device with all of that. Where the driver does not tell how many SMs there are, the catalog's
// count stands in (estimated, source catalog, for the driver's reason).
Appraisal appraise(sample::DeviceSample device, BoardKnowledge board);

}  // namespace assay::appraise

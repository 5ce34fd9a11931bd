// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/engine/report.hpp"

namespace assay::appraise {

// Which devices an engine runs on: those named by index, else those that are held and answer, else,
// where none is known to be held, all that answer.
std::vector<std::size_t> engine_devices(const AppraisedSnapshot& snapshot,
                                        std::span<const int> named);

// Lays an engine's report beside the devices at these places of snapshot.devices: what a million
// generated tokens cost, and how many joules one takes, by those devices' prices and power alone.
// Unknown where one of them is, or where no token came in the window.
void set_engine(AppraisedSnapshot& snapshot, engine::Report report,
                std::span<const std::size_t> on);

// Of a snapshot that has an engine: "GPU 0-3, 6", or "no device".
std::string engine_devices_text(const AppraisedSnapshot& snapshot);
// And its useful rung, of the first of its devices that has one: all share one decode loop.
std::optional<Ratio> engine_useful(const AppraisedSnapshot& snapshot);

// The engine's own figures as the planner's bridge wants them, of one of `replicas` equal copies of
// the model. Errors: not_supported, one sentence: which figure the engine does not give.
Result<plan::Decoding> decoding_of(const engine::Report& report, int replicas);

}  // namespace assay::appraise

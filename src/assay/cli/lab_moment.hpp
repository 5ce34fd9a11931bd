// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/lab/lab.hpp"
#include "assay/sample/sample.hpp"

namespace assay::cli {

// One kernel of the lab while it ran: what it was, when, and the work it did. Written into a
// recording as an event of kind "lab-kernel", so that replay can tell the kernels apart.
struct LabMoment {
  lab::Run run;
  int device = 0;
  sample::WallTime from;
  sample::WallTime to;
};

inline constexpr std::string_view kLabKernelEvent = "lab-kernel";

sample::Event to_event(const LabMoment& moment);
// nullopt for events of other kinds and for text that is none of ours.
std::optional<LabMoment> from_event(const sample::Event& event);

// For people: "hbm, grid 132 x 1024, 8 launches in 4.0 s: 3011 GB/s of DRAM".
std::string lab_words(const LabMoment& moment);

// Whether the window lies wholly inside the moment. The first 0.25 s are left out: the counters
// refresh only every 0.1 s and GPU-Util looks back over 0.2 s, so that they still show what ran
// before.
bool is_inside(const sample::Sample& window, const LabMoment& moment);
std::vector<sample::Sample> windows_inside(std::span<const sample::Sample> windows,
                                           const LabMoment& moment);

}  // namespace assay::cli

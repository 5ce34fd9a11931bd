// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/sample/owner.hpp"

namespace assay::tui {

struct ProcessRow {
  int device = 0;  // NVML's index
  sample::Process process;
  sample::Owner owner;
  // The device's SM active where this process alone held it in the window, else unknown: NVML tells
  // apart who had time slices, never who had SMs.
  sample::Reading<Ratio> sm_share;
};

// One device over one window: what of an appraisal is drawn. A tenth of its size, so that an hour
// fits.
struct DeviceFrame {
  std::shared_ptr<const sample::DeviceFacts> facts;
  sample::Presence presence = sample::Presence::ok;
  std::string trouble;
  Seconds window{0};
  ladder::Ladder ladder;
  sample::Reading<Ratio> gpu_util;
  sample::Reading<Ratio> sm_active;  // the counter itself, not raised
  ladder::Cost cost;
  std::vector<causes::Finding> findings;  // without their evidence
  std::string beside;                     // power, clocks, memory, ... as one line
  sample::Reason processes_reason = sample::Reason::none;
  std::size_t process_count = 0;
};

// Dollars lost since some window, summed window by window. Windows without a price add nothing;
// where a part could not be placed, what is known of it is counted and `is_floor` says so.
struct RunningLoss {
  Dollars lost{0};
  Dollars paid{0};
  Seconds over{0};
  bool is_floor = false;
  void add(const appraise::AppraisedSnapshot& snapshot);
};

// The serving engine beside the devices, in words: what is drawn of it, the most telling first.
struct EngineFrame {
  std::string head;                // "vLLM Llama-3.1-8B-Instruct on GPU 0-3"
  std::string trouble;             // why nothing else is known: one sentence
  std::vector<std::string> flow;   // tokens a second, what runs and waits, latencies, cache
  std::vector<std::string> worth;  // what a token costs in dollars and joules, the useful rung
};

struct Frame {
  sample::WallTime at;
  sample::Origin origin;
  sample::SelfCost self;
  std::vector<DeviceFrame> devices;
  std::vector<ProcessRow> processes;
  std::string
      processes_from;   // why their owners are unknown, if nobody asked: "a recording's pids"
  RunningLoss running;  // up to this window
  std::optional<EngineFrame> engine;
};

// Dollars an hour that all devices lose; absent where no device has a price. `at_least` where a
// part of one is unattributed or the price of one is unknown.
struct LossRate {
  std::optional<DollarsPerHour> lost;
  std::optional<DollarsPerHour> paid;
  bool at_least = false;
};
LossRate loss_rate(const Frame& frame);

// `previous`: the frame before, whose facts are shared where they are the same; may be null.
Frame frame_of(const appraise::AppraisedSnapshot& snapshot, const Frame* previous);

}  // namespace assay::tui

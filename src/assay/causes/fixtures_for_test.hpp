// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "assay/causes/diagnose.hpp"
#include "assay/causes/traced.hpp"

// Devices and jobs for the tests of the rules: each test says what their readings are.
namespace assay::causes {

// A held device; each test says what its counters read. Shares are 0..1.
struct Device {
  static constexpr ladder::LinkPeaks kPeaks{gigabytes_per_second(60), gigabytes_per_second(450)};
  sample::Sample sample;

  Device() {
    sample.window = Seconds(1);
    sample.processes.push_back({.pid = 1, .name = "job", .memory = {}, .time_share = {}});
    sample.processes_reason = sample::Reason::none;
    for (const metric::Id id :
         {metric::Id::int_util, metric::Id::fp32_util, metric::Id::fp64_util, metric::Id::fp16_util,
          metric::Id::tensor_util, metric::Id::dram_util, metric::Id::sm_occupancy})
      set(id, 0);
  }
  Device& set(metric::Id id, double value) {
    sample.at_id(id) = sample::Reading<double>::measured(value, sample::Source::gpm, Seconds(1));
    return *this;
  }
  Device& busy(double share) {
    return set(metric::Id::graphics_util, share).set(metric::Id::gpu_util, share);
  }
  Device& links(double pcie, double nvlink) {
    return set(metric::Id::pcie_rx, pcie * 60e9)
        .set(metric::Id::pcie_tx, 0)
        .set(metric::Id::nvlink_rx, 0)
        .set(metric::Id::nvlink_tx, nvlink * 450e9);
  }
  [[nodiscard]] ladder::Ladder ladder() const { return ladder::climb(sample, kPeaks); }
  [[nodiscard]] ladder::Losses losses() const { return ladder().losses; }
  [[nodiscard]] std::vector<Finding> findings(const PipeRatios& pipes = {}) const {
    const ladder::Ladder climbed = ladder();
    return diagnose({.sample = sample,
                     .ladder = climbed,
                     .links = kPeaks,
                     .sm_count = 132,
                     .price = DollarsPerHour(2.5),
                     .pipes = pipes});
  }
  [[nodiscard]] Cause first() const {
    const auto all = findings();
    EXPECT_FALSE(all.empty());
    return all.empty() ? Cause::healthy : all.front().cause;
  }
  [[nodiscard]] bool finds(Cause cause) const {
    const auto all = findings();
    return std::ranges::count(all, cause, &Finding::cause) == 1;
  }
};

inline constexpr std::string_view kUuid = "GPU-1";

// One second on a device of 132 SMs, compute capability 9.0.
struct Job {
  sample::KernelTable table;
  sample::Sample sample;
  Magnified microscope;

  Job() {
    table.records = 1;
    table.devices.push_back({.uuid = std::string(kUuid),
                             .name = "",
                             .cc_major = 9,
                             .cc_minor = 0,
                             .sm_count = 132,
                             .busy = Seconds(1),
                             .kernels = {},
                             .span = Seconds(1)});
    sample.window = Seconds(1);
    sample.processes.push_back({.pid = 1, .name = "job", .memory = {}, .time_share = {}});
    sample.processes_reason = sample::Reason::none;
    for (const metric::Id id :
         {metric::Id::int_util, metric::Id::fp32_util, metric::Id::fp64_util, metric::Id::fp16_util,
          metric::Id::tensor_util, metric::Id::dram_util, metric::Id::sm_occupancy,
          metric::Id::pcie_rx, metric::Id::pcie_tx})
      set(id, 0);
    busy(1).set(metric::Id::fp32_util, 0.05);  // some arithmetic: not a wait loop
  }
  Job& set(metric::Id id, double value) {
    sample.at_id(id) = sample::Reading<double>::measured(value, sample::Source::gpm, Seconds(1));
    return *this;
  }
  Job& busy(double share) {
    table.devices[0].busy = Seconds(share);
    return set(metric::Id::graphics_util, share);
  }
  Job& kernel(const std::string& name, std::uint32_t blocks, std::uint32_t threads,
              std::int64_t launches, double seconds) {
    sample::KernelRow row{.signature = {.name = name,
                                        .grid = {blocks, 1, 1},
                                        .block = {threads, 1, 1},
                                        .registers = 32},
                          .launches = launches,
                          .total = Seconds(seconds)};
    table.rows.push_back(row);
    return *this;
  }
  Job& copies(double seconds) {
    table.copies[0].time = Seconds(seconds);
    return *this;
  }
  [[nodiscard]] Traced traced() const { return *causes::traced(table, kUuid); }
  [[nodiscard]] std::vector<Finding> findings(bool with_trace = true) const {
    const ladder::LinkPeaks peaks{gigabytes_per_second(60), gigabytes_per_second(450)};
    const ladder::Ladder ladder = ladder::climb(sample, peaks);
    return diagnose({.sample = sample,
                     .ladder = ladder,
                     .links = peaks,
                     .sm_count = 132,
                     .price = DollarsPerHour(2.5),
                     .kernels = with_trace ? &table : nullptr,
                     .uuid = kUuid,
                     .microscope = microscope});
  }
  [[nodiscard]] Finding first() const {
    const auto all = findings();
    EXPECT_FALSE(all.empty());
    return all.empty() ? Finding{} : all.front();
  }
  [[nodiscard]] bool finds(Cause cause) const {
    return std::ranges::count(findings(), cause, &Finding::cause) == 1;
  }
};

}  // namespace assay::causes

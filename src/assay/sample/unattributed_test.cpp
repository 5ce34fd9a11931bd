// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/unattributed.hpp"

#include <gtest/gtest.h>

namespace assay::sample {
namespace {

using metric::Id;

constexpr double kMiB = 1024.0 * 1024.0;

Sample device_of(double memory, double util) {
  Sample sample;
  sample.processes_reason = Reason::none;
  sample.at_id(Id::memory_used) = Reading<double>::measured(memory, Source::nvml);
  sample.at_id(Id::gpu_util_samples) = Reading<double>::measured(util, Source::nvml, Seconds(1));
  return sample;
}

Process process_of(double memory, double share) {
  return {.pid = 1,
          .name = "job",
          .compute = true,
          .memory = Reading<Bytes>::measured(Bytes(memory), Source::nvml),
          .time_share = Reading<Ratio>::measured(Ratio::fraction(share), Source::nvml)};
}

TEST(Unattributed, SharesAndItSumToTheDevice) {
  Sample sample = device_of(1000 * kMiB, 0.98);
  sample.processes = {process_of(600 * kMiB, 0.47), process_of(300 * kMiB, 0.40)};
  const Unattributed rest = unattributed(sample);
  EXPECT_DOUBLE_EQ(rest.memory.value()->value(), 100 * kMiB);
  EXPECT_EQ(rest.memory.state(), State::derived);
  EXPECT_NEAR(rest.time_share.value()->value(), 0.11, 1e-12);
  EXPECT_EQ(rest.time_share.state(), State::estimated);
}

TEST(Unattributed, IsTheWholeDeviceWhereNobodyIsSeen) {
  const Unattributed rest = unattributed(device_of(500 * kMiB, 0.3));
  EXPECT_DOUBLE_EQ(rest.memory.value()->value(), 500 * kMiB);
  EXPECT_DOUBLE_EQ(rest.time_share.value()->value(), 0.3);
}

TEST(Unattributed, HoldsWhatAProcessDoesNotTell) {
  Sample sample = device_of(1000 * kMiB, 0.9);
  sample.processes = {process_of(600 * kMiB, 0.5), process_of(0, 0)};
  sample.processes[1].memory = Reading<Bytes>::unknown(Reason::no_permission);
  sample.processes[1].time_share = Reading<Ratio>::unknown(Reason::no_new_data);
  const Unattributed rest = unattributed(sample);
  EXPECT_DOUBLE_EQ(rest.memory.value()->value(), 400 * kMiB);
  EXPECT_DOUBLE_EQ(rest.time_share.value()->value(), 0.4);
}

TEST(Unattributed, IsAsOldAsItsOldestPart) {
  Sample sample = device_of(1000 * kMiB, 0.9);
  sample.processes = {process_of(600 * kMiB, 0.5)};
  sample.processes[0].time_share =
      Reading<Ratio>::stale(Ratio::fraction(0.5), Reason::between_rounds, Source::nvml);
  const Unattributed rest = unattributed(sample);
  EXPECT_EQ(rest.time_share.state(), State::stale);
  EXPECT_DOUBLE_EQ(rest.time_share.raw()->value(), 0.4);
  EXPECT_EQ(rest.memory.state(), State::derived);
}

TEST(Unattributed, NoShareBeyondTheDeviceIsHidden) {
  Sample sample = device_of(1000 * kMiB, 0.5);
  sample.processes = {process_of(1000 * kMiB, 0.515)};
  EXPECT_EQ(unattributed(sample).time_share.value(), Ratio::fraction(0));  // of whole percents
  sample.processes[0] = process_of(1200 * kMiB, 0.6);
  EXPECT_EQ(unattributed(sample).time_share.state(), State::invalid);
  EXPECT_EQ(unattributed(sample).memory.state(), State::invalid);
}

TEST(Unattributed, IsUnknownWhereTheListOrTheDeviceIs) {
  Sample sample = device_of(1000 * kMiB, 0.5);
  sample.processes_reason = Reason::no_permission;
  EXPECT_EQ(unattributed(sample).memory.reason(), Reason::no_permission);
  Sample blind;
  blind.processes_reason = Reason::none;
  EXPECT_EQ(unattributed(blind).memory.reason(), Reason::not_read);
  EXPECT_FALSE(unattributed(blind).time_share.raw());
  // GPU-Util is of another time than the processes' shares: it is no whole of theirs.
  blind.at_id(Id::gpu_util) = Reading<double>::measured(1.0, Source::nvml);
  EXPECT_FALSE(unattributed(blind).time_share.raw());
}

}  // namespace
}  // namespace assay::sample

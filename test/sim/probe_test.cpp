// SPDX-License-Identifier: Apache-2.0
// The real probe over the real library, in real time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <set>

#include "assay/probe/nvml/dl_nvml.hpp"
#include "assay/probe/nvml/sampler.hpp"
#include "sim/library_copy.hpp"

namespace assay::test {
namespace {

using metric::Id;
using probe::nvml::DlNvml;
using probe::nvml::Sampler;

const sample::Origin kSimulated{sample::OriginKind::simulation, "test"};

// The second window of a scenario: 0.5 s long, a second after its begin.
sample::Snapshot window_of(const std::string& scenario) {
  const LibraryCopy library;
  ::setenv("ASSAY_SIM_SCENARIO", scenario.c_str(), 1);
  auto nvml = DlNvml::open(library.path());
  EXPECT_TRUE(nvml.ok());
  auto sampler = Sampler::start(*nvml, {.period = Seconds(0.5), .origin = kSimulated});
  EXPECT_TRUE(sampler.ok()) << sampler.error().message;
  static_cast<void>((*sampler)->next());
  return (*sampler)->next();
}

TEST(ProbeOverSimulation, OneThreadOnAV100IsBusyOnOneSmOfEighty) {
  const sample::Snapshot snapshot = window_of("one-thread");
  ASSERT_EQ(snapshot.devices.size(), 1U);
  const auto& [facts, sample] = snapshot.devices[0];
  EXPECT_EQ(facts.name, "Tesla V100-SXM2-32GB");
  EXPECT_EQ(facts.sm_count.value(), Count(80));
  EXPECT_EQ(sample.get<Id::gpu_util>().value(), Ratio::percent(100));
  ASSERT_TRUE(sample.get<Id::sm_active>().value()) << "simulated chips have GPM (docs/adr/005)";
  EXPECT_NEAR(sample.get<Id::sm_active>().value()->as_percent(), 1.25, 0.01);
  EXPECT_NEAR(sample.get<Id::power>().value()->value(), 67, 7);
  ASSERT_EQ(sample.processes.size(), 1U);
  EXPECT_EQ(sample.processes[0].pid, 4242);
  EXPECT_EQ(sample.processes[0].name, "spin") << "the scenario's";
}

TEST(ProbeOverSimulation, EightH100sEachDoSomethingElse) {
  const sample::Snapshot snapshot = window_of("fleet-8");
  ASSERT_EQ(snapshot.devices.size(), 8U);
  for (const auto& [facts, sample] : snapshot.devices) {
    EXPECT_EQ(facts.name, "NVIDIA H100 80GB HBM3");
    EXPECT_EQ(sample.presence, sample::Presence::ok);
    EXPECT_TRUE(sample.get<Id::sm_active>().value()) << facts.index;
    EXPECT_TRUE(sample.get<Id::power>().value()) << facts.index;
    EXPECT_TRUE(sample.get<Id::energy>().value()) << facts.index;
  }
  const auto& tenants = snapshot.devices[2].sample;
  EXPECT_EQ(tenants.processes.size(), 2U);
  EXPECT_NEAR(tenants.get<Id::sm_active>().value()->as_percent(), 47, 3);
  const auto& held = snapshot.devices[3].sample;
  EXPECT_EQ(held.get<Id::gpu_util>().value(), Ratio::percent(0));
  EXPECT_EQ(held.get<Id::sm_active>().value(), Ratio::percent(0));
  EXPECT_EQ(held.processes.size(), 1U);
}

TEST(ProbeOverSimulation, AThousandDevicesAllAnswerInTheFirstWindow) {
  const LibraryCopy library;
  ::setenv("ASSAY_SIM_SCENARIO", "fleet-1024", 1);
  auto nvml = DlNvml::open(library.path());
  ASSERT_TRUE(nvml.ok());
  constexpr Seconds kPeriod{ASSAY_FLEET_PERIOD};
  // A deadline for a machine that has other things to do.
  auto sampler =
      Sampler::start(*nvml, {.period = kPeriod, .deadline = 10 * kPeriod, .origin = kSimulated});
  ASSERT_TRUE(sampler.ok()) << sampler.error().message;
  const sample::Snapshot snapshot = (*sampler)->next();
  const auto threads = std::ranges::distance(std::filesystem::directory_iterator("/proc/self/task"),
                                             std::filesystem::directory_iterator());
  EXPECT_LE(threads, 40) << "threads are shared by devices";
  ASSERT_EQ(snapshot.devices.size(), 1024U);
  EXPECT_EQ(snapshot.self.lost, 0);
  std::set<std::int64_t> pids;
  for (const auto& [facts, sample] : snapshot.devices) {
    EXPECT_EQ(sample.presence, sample::Presence::ok) << facts.index << ": " << sample.trouble;
    EXPECT_TRUE(sample.get<Id::sm_active>().usable()) << facts.index;
    EXPECT_TRUE(sample.get<Id::energy>().usable()) << facts.index;
    EXPECT_NEAR(sample.window / kPeriod, 1.0, 0.5) << facts.index;
    for (const sample::Process& process : sample.processes) {
      EXPECT_TRUE(pids.insert(process.pid).second);
      EXPECT_FALSE(process.name.empty()) << "pid " << process.pid;
    }
  }
  EXPECT_GT(pids.size(), 500U);
}

}  // namespace
}  // namespace assay::test

// SPDX-License-Identifier: Apache-2.0
#include "assay/sample/merge.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace assay::sample {
namespace {

using metric::Id;

Sample window(double seconds, double sm_active, double clock) {
  Sample sample;
  sample.window = Seconds(seconds);
  sample.set<Id::sm_active>(
      Reading<Ratio>::measured(Ratio::fraction(sm_active), Source::gpm, Seconds(seconds)));
  sample.set<Id::sm_clock>(Reading<Hertz>::measured(Hertz(clock), Source::nvml));
  return sample;
}

TEST(Merge, WeighsSharesByWindowAndKeepsTheLastMoment) {
  const std::array windows = {window(1, 0.2, 1e9), window(3, 0.6, 2e9)};
  const Sample merged = merge(windows);
  EXPECT_DOUBLE_EQ(merged.window.value(), 4);
  EXPECT_DOUBLE_EQ(merged.get<Id::sm_active>().value()->value(), 0.5);
  EXPECT_EQ(merged.get<Id::sm_active>().state(), State::derived);
  EXPECT_DOUBLE_EQ(merged.get<Id::sm_active>().window().value(), 4);
  EXPECT_DOUBLE_EQ(merged.get<Id::sm_clock>().value()->value(), 2e9);
}

TEST(Merge, UnknownWindowsDoNotCountAsZero) {
  std::array windows = {window(1, 0.2, 1e9), window(1, 0.9, 2e9)};
  windows[1].set<Id::sm_active>(Reading<Ratio>::unknown(Reason::no_new_data, Source::gpm));
  EXPECT_DOUBLE_EQ(merge(windows).get<Id::sm_active>().value()->value(), 0.2);
}

TEST(Merge, PowerIsAMeanAndACounterIsTheLast) {
  std::array windows = {window(1, 0, 0), window(1, 0, 0)};
  for (std::size_t i = 0; i < 2; ++i) {
    windows[i].set<Id::power>(Reading<Watts>::measured(Watts(i == 0 ? 100 : 200), Source::nvml));
    windows[i].set<Id::energy>(Reading<Joules>::measured(Joules(i == 0 ? 10 : 11), Source::nvml));
    windows[i].set<Id::pcie_rx>(
        Reading<BytesPerSecond>::measured(BytesPerSecond(i == 0 ? 0 : 4), Source::gpm));
  }
  const Sample merged = merge(windows);
  EXPECT_DOUBLE_EQ(merged.get<Id::power>().value()->value(), 150);
  EXPECT_DOUBLE_EQ(merged.get<Id::energy>().value()->value(), 11);
  EXPECT_DOUBLE_EQ(merged.get<Id::pcie_rx>().value()->value(), 2);
}

TEST(Merge, APartOfEachWindowIsNotTheWhole) {
  std::array windows = {window(1, 0, 0), window(1, 0, 0)};
  for (Sample& sample : windows)
    sample.set<Id::gpu_util>(
        Reading<Ratio>::measured(Ratio::fraction(1), Source::nvml, Seconds(0.25)));
  EXPECT_DOUBLE_EQ(merge(windows).get<Id::gpu_util>().window().value(), 0.5);
}

// A process listed at the end of each of these windows of one second, or not; n: not known.
std::optional<double> held(const std::string& lists) {
  std::vector<Sample> windows;
  for (const char list : lists) {
    windows.push_back(window(1, 0, 0));
    windows.back().processes_reason = list == 'n' ? Reason::timeout : Reason::none;
    if (list == 'x') windows.back().processes.resize(1);
  }
  const auto share = merge(windows).held;
  return share.usable() ? std::optional(share.value()->value()) : std::nullopt;
}

TEST(Merge, HeldIsTheShareOfTheTimeAndNotTheEnd) {
  EXPECT_EQ(held("xxx"), 1);
  EXPECT_EQ(held("..."), 0);
  // Gone at the end of the fourth: at some time in it.
  EXPECT_EQ(held("xxx."), 3.5 / 4);
  EXPECT_EQ(held(".xx."), 2.0 / 4);
  EXPECT_EQ(held("xnx"), 1) << "a list that is not known counts for nothing";
  EXPECT_EQ(held("x"), std::nullopt) << "of one window its list tells";
  EXPECT_EQ(held("nnn"), std::nullopt);
}

// Windows of one second: o there, l lost, s without an answer.
Sample merged(const std::string& presence) {
  std::vector<Sample> windows;
  for (const char of : presence) {
    windows.push_back(window(1, 0.6, 1e9));
    Sample& added = windows.back();
    added.processes_reason = Reason::none;
    added.processes.resize(1);
    if (of == 'o') continue;
    added = {};
    added.window = Seconds(1);
    added.presence = of == 'l' ? Presence::lost : Presence::stale;
    added.trouble = "gone";
    added.processes_reason = of == 'l' ? Reason::device_lost : Reason::timeout;
    added.at_id(Id::sm_active) = Reading<double>::unknown(added.processes_reason, Source::gpm);
  }
  return merge(windows);
}

TEST(Merge, WindowsWithoutTheDeviceAreCountedAndHideNothing) {
  for (const std::string presence : {"oolllooo", "ooooolll", "lllooooo"}) {
    const Sample sample = merged(presence);
    EXPECT_EQ(sample.presence, Presence::ok) << presence;
    EXPECT_EQ(sample.trouble, "lost in 3 of 8 windows: what it did then is not known");
    EXPECT_EQ(sample.window, Seconds(8));
    EXPECT_DOUBLE_EQ(sample.get<Id::sm_active>().value()->value(), 0.6);
    EXPECT_EQ(sample.get<Id::sm_active>().window(), Seconds(5));
    EXPECT_EQ(sample.processes.size(), 1U) << presence;
    EXPECT_EQ(sample.processes_reason, Reason::none);
    EXPECT_EQ(sample.held.value()->value(), 1);
    EXPECT_EQ(sample.held.window(), Seconds(5));
  }
  EXPECT_EQ(merged("olso").trouble,
            "lost in 1 and without an answer in 1 of 4 windows: what it did then is not known");
  EXPECT_EQ(merged("ooo").trouble, "");
}

TEST(Merge, ADeviceThatWasNeverThereIsLost) {
  EXPECT_EQ(merged("lll").presence, Presence::lost);
  EXPECT_EQ(merged("lll").trouble, "gone");
}

TEST(Merge, AWindowOfNoLengthStillCounts) {
  const std::array windows = {window(0, 0.2, 1e9), window(0, 0.6, 1e9)};
  EXPECT_DOUBLE_EQ(merge(windows).get<Id::sm_active>().value()->value(), 0.4);
}

TEST(Merge, WhatIsOverMoreThanTheWindowsTellsOfNoMoreThanThem) {
  std::array windows = {window(1, 0.2, 1e9), window(1, 0.4, 1e9)};
  for (Sample& sample : windows)
    sample.at_id(Id::gpu_util_samples) = Reading<double>::measured(0.3, Source::nvml, Seconds(14));
  EXPECT_EQ(merge(windows).at_id(Id::gpu_util_samples).window(), Seconds(2));
}

TEST(Merge, AMeanWithAnEstimateInItIsOne) {
  std::array windows = {window(1, 0.2, 1e9), window(1, 0.4, 1e9)};
  windows[0].at_id(Id::sm_active) =
      Reading<double>::estimated(0.2, Reason::sampled, Source::gpm, Seconds(1));
  const auto mean = merge(windows).at_id(Id::sm_active);
  EXPECT_EQ(mean.state(), State::estimated);
  EXPECT_EQ(mean.reason(), Reason::sampled);
}

TEST(Merge, UnknownInAllStaysUnknownWithItsReason) {
  std::array windows = {window(1, 0, 0), window(1, 0, 0)};
  for (Sample& sample : windows)
    sample.set<Id::sm_active>(Reading<Ratio>::unknown(Reason::no_gpm, Source::gpm));
  EXPECT_FALSE(merge(windows).get<Id::sm_active>().usable());
  EXPECT_EQ(merge(windows).get<Id::sm_active>().reason(), Reason::no_gpm);
}

}  // namespace
}  // namespace assay::sample

// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "assay/serve/scratch_folder_test.hpp"
#include "assay/serve/windows_test.hpp"
#include "assay/store/recording.hpp"

namespace assay::serve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Kept : public testing::Test {
 protected:
  std::unique_ptr<Keeper> open(KeeperOptions options = {}) {
    options.folder = folder_.path() + "/store";
    const sample::Snapshot first = window_at(0, 2, 0.1);
    auto keeper = Keeper::open(options, {}, first.origin, facts_of(first),
                               [this](const std::string& text) { said_.push_back(text); });
    EXPECT_TRUE(keeper) << keeper.error().message;
    return *std::move(keeper);
  }
  static void add(Keeper& keeper, double seconds) {
    const sample::Snapshot window = window_at(seconds, 2, 0.5);
    keeper.add(window, derived_values(window));
  }
  // A window that no codec makes small.
  static void add_noise(Keeper& keeper, int number, double period = 1) {
    sample::Snapshot window = window_at(number * period, 2, 0.5);
    double noise = number;
    for (sample::DeviceSample& device : window.devices)
      for (auto& reading : device.sample.readings) {
        noise = std::fmod(noise * 997.13 + 0.417, 1.0);
        reading = sample::Reading<double>::measured(noise, metric::Source::gpm, Seconds(1));
      }
    keeper.add(window, derived_values(window));
  }
  [[nodiscard]] static std::int64_t windows_in(const Chunk& chunk) {
    const auto recording = store::Recording::open(chunk.recording());
    return recording ? recording->window_count() : -1;
  }

  ScratchFolder folder_;
  std::vector<std::string> said_;
};

TEST_F(Kept, RecordingsOfAnHourOneAfterAnother) {
  auto keeper = open();
  for (const double at : {0.0, 1.0, 3599.0, 3600.0, 3601.0}) add(*keeper, at);
  keeper->finish();
  const auto chunks = keeper->chunks();
  ASSERT_THAT(chunks, SizeIs(2));
  EXPECT_EQ(windows_in(chunks[0]), 3);
  EXPECT_EQ(windows_in(chunks[1]), 2);
  EXPECT_THAT(chunks[0].stem, HasSubstr("/000001_2025-11-29T07-06-40Z"));
  EXPECT_THAT(said_, IsEmpty());
}

TEST_F(Kept, ANewDaemonGoesOnWithTheNextNumber) {
  {
    auto keeper = open();
    add(*keeper, 0);
  }
  auto keeper = open();
  add(*keeper, 10);
  const auto chunks = keeper->chunks();
  ASSERT_THAT(chunks, SizeIs(2));
  EXPECT_EQ(chunks[1].number, 2);
  EXPECT_EQ(windows_in(chunks[0]), 1);
}

TEST_F(Kept, WhatIsLookedAtIsThereAtOnce) {
  auto keeper = open({.commit_every = Seconds(3600)});
  add(*keeper, 0);
  add(*keeper, 1);
  EXPECT_EQ(windows_in(keeper->chunks()[0]), 0);
  const sample::Snapshot window = window_at(2, 2, 0.5);
  keeper->add(window, derived_values(window), Keeper::Commit::at_once);
  EXPECT_EQ(windows_in(keeper->chunks()[0]), 3);
}

TEST_F(Kept, WhatWaitsIsThereWhenSomebodyComesToLook) {
  auto keeper = open({.commit_every = Seconds(3600)});
  keeper->commit();  // nothing waits, and there is no recording yet
  add(*keeper, 0);
  add(*keeper, 1);
  keeper->commit();
  EXPECT_EQ(windows_in(keeper->chunks()[0]), 2);
  add(*keeper, 2);
  EXPECT_EQ(windows_in(keeper->chunks()[0]), 2);
}

TEST_F(Kept, OneDaemonAStore) {
  const auto keeper = open();
  const auto second = Keeper::open({.folder = folder_.path() + "/store"}, {}, {}, {}, nullptr);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message,
              HasSubstr("another assay serve's (process " + std::to_string(::getpid()) + ")"));
}

TEST_F(Kept, AClockThatIsSetBackBeginsANewRecording) {
  auto keeper = open();
  for (const double at : {100.0, 101.0, 50.0, 51.0}) add(*keeper, at);
  keeper->finish();
  const auto chunks = keeper->chunks();
  ASSERT_THAT(chunks, SizeIs(2));
  EXPECT_EQ(windows_in(chunks[0]), 2);
  EXPECT_EQ(windows_in(chunks[1]), 2);
  // When the first one ends, nobody can tell from the names any more.
  EXPECT_EQ(chunks[0].end_ns, std::numeric_limits<std::int64_t>::max());
}

TEST_F(Kept, TheOldestGoFirst) {
  auto keeper = open({.retain_age = Seconds(100), .chunk = Seconds(10)});
  for (int i = 0; i < 300; i += 10) add(*keeper, i);
  keeper->finish();
  const auto chunks = keeper->chunks();
  EXPECT_GE(chunks.size(), 10U);
  EXPECT_LE(chunks.size(), 13U);
  EXPECT_EQ(chunks.back().number, 30);
  EXPECT_EQ(chunks.size(), list_chunks(folder_.path() + "/store").size());
}

TEST_F(Kept, AllOfItStaysWithinItsSize) {
  KeeperOptions options{.retain_bytes = kLeastRetained, .chunk = Seconds(5)};
  auto keeper = open(options);
  for (int i = 0; i < 400; ++i) add(*keeper, i);
  keeper->finish();
  std::int64_t sum = 0;
  for (const Chunk& chunk : keeper->chunks()) sum += chunk.bytes();
  EXPECT_LE(sum, kLeastRetained);
  EXPECT_GT(sum, kLeastRetained / 2);
  EXPECT_GT(keeper->chunks().front().number, 1);
}

// A full disk is told once, nothing is thrown away, and it goes on as soon as there is room.
TEST_F(Kept, AFullDiskIsToldOnceAndTriedAgain) {
  auto keeper = open({.try_again = Seconds(5), .max_bytes = 262'144});
  int at = 0;
  while (!keeper->trouble() && at < 2000) add_noise(*keeper, at++);
  ASSERT_TRUE(keeper->trouble());
  EXPECT_THAT(said_, ElementsAre(HasSubstr("serving goes on, history does not")));
  const int failed_at = at;
  for (; at < failed_at + 3; ++at) add_noise(*keeper, at);
  EXPECT_TRUE(keeper->trouble());
  for (; at < failed_at + 7; ++at) add_noise(*keeper, at);
  EXPECT_FALSE(keeper->trouble());
  EXPECT_THAT(said_, ElementsAre(testing::_, HasSubstr("can be written again")));
  keeper->finish();
  EXPECT_THAT(keeper->chunks(), SizeIs(2));
  EXPECT_GE(windows_in(keeper->chunks()[0]), 0);  // what was committed before is still read
  EXPECT_GT(windows_in(keeper->chunks()[1]), 0);
}

// What add() was given and no recording holds is counted, to the window: what waited for its commit
// when the disk was full, the window that told so, and those of the time before the next try.
TEST_F(Kept, EachWindowThatIsNotStoredCounts) {
  auto keeper = open({.try_again = Seconds(5), .max_bytes = 262'144});
  int at = 0;
  while (keeper->unstored() < 50 && at < 4000) add_noise(*keeper, at++);
  keeper->finish();
  std::int64_t stored = 0;
  for (const Chunk& chunk : keeper->chunks()) stored += windows_in(chunk);
  EXPECT_GE(keeper->unstored(), 50);
  EXPECT_EQ(stored + keeper->unstored(), at);
}

// Sixty windows a second: what is there is looked at after each of them, the journal's size with
// it.
TEST_F(Kept, TheBoundHoldsAfterEachWindow) {
  auto keeper = open({.retain_bytes = kLeastRetained});
  for (int i = 0; i < 4000; ++i) {
    add_noise(*keeper, i, 0.0166);
    if (i % 50 != 0) continue;
    std::int64_t sum = 0;
    for (const Chunk& chunk : list_chunks(folder_.path() + "/store")) sum += chunk.bytes();
    ASSERT_LE(sum, kLeastRetained) << i;
  }
  EXPECT_GT(keeper->chunks().front().number, 1);
  EXPECT_EQ(keeper->unstored(), 0);
}

TEST_F(Kept, AFolderThatCanNotBeWritten) {
  const auto keeper = Keeper::open({.folder = "/proc/assay"}, {}, {}, {}, nullptr);
  ASSERT_FALSE(keeper);
  EXPECT_THAT(keeper.error().message, HasSubstr("--store"));
  EXPECT_FALSE(Keeper::open({.folder = folder_.path(), .retain_bytes = 5}, {}, {}, {}, nullptr));
}

TEST_F(Kept, OtherFilesAreNoneOfItsOwn) {
  folder_.file("notes.txt", "x");
  folder_.file("job.assay", "x");
  folder_.file("000001_2025-11-29T07-06-4xZ.assay", "x");
  EXPECT_THAT(list_chunks(folder_.path()), IsEmpty());
}

}  // namespace
}  // namespace assay::serve

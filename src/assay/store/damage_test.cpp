// SPDX-License-Identifier: Apache-2.0
// What a damaged file does: never a crash, never a hang, never a value that was not recorded.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "assay/store/database.hpp"
#include "assay/store/fixture_for_tests.hpp"
#include "assay/store/vocabulary.hpp"

namespace assay::store {
namespace {

using fixture::kSecond;
using fixture::kStart;
using metric::Id;
using testing::ElementsAre;
using testing::HasSubstr;

struct Outcome {
  bool opened = false;
  std::size_t windows = 0;
  std::size_t values = 0;
  std::size_t notes = 0;
};

// Opens and reads everything; each value that comes out must be one that went in.
Outcome examine(const std::filesystem::path& path) {
  Outcome outcome;
  auto recording = Recording::open(path);
  if (!recording.ok()) {
    EXPECT_FALSE(recording.error().message.empty());
    EXPECT_EQ(recording.error().message.find('\n'), std::string::npos);
    return outcome;
  }
  outcome.opened = true;
  std::int64_t last = kStart - 1;
  for (const auto& snapshot : fixture::read_all(*recording)) {
    EXPECT_GT(snapshot.at.unix_ns, last);  // nothing twice
    last = snapshot.at.unix_ns;
    const std::int64_t window = (last - kStart) / kSecond;
    for (const auto& device : snapshot.devices) {
      for (const auto& reading : device.sample.readings)
        outcome.values += reading.usable() ? 1U : 0U;
      const auto power = device.sample.get<Id::power>().value();
      if (power) {
        EXPECT_NEAR(power->value(), 256.0 + 0.128 * static_cast<double>(window % 1000), 1e-9);
      }
    }
    ++outcome.windows;
  }
  static_cast<void>(
      recording->series(0, Id::power, {kStart}, {kStart + 100 * kSecond}, Seconds(10)));
  outcome.notes = recording->salvage_notes().size();
  return outcome;
}

void poke(const std::filesystem::path& path, std::size_t at, int byte) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(byte));
}

TEST(Damage, TruncationSavesWhatLiesBeforeIt) {
  const fixture::Folder folder;
  constexpr std::int64_t kWindows = 300;
  fixture::record(folder / "whole.assay", kWindows, fixture::small(8));
  const Blob whole = fixture::read_file(folder / "whole.assay");
  ASSERT_GT(whole.size(), 10 * kPageSize);  // three pages of chunks
  std::size_t saved = 0;
  for (std::size_t size = 0; size < whole.size(); size += 1009) {
    fixture::write_file(folder / "cut.assay", BlobView(whole).first(size));
    const Outcome outcome = examine(folder / "cut.assay");
    if (outcome.opened) {
      EXPECT_GT(outcome.notes, 0U) << size;
    }
    saved = std::max(saved, outcome.windows);
    if (size >= whole.size() - kPageSize) {
      EXPECT_GE(outcome.windows, kWindows / 2) << size;
    }
  }
  EXPECT_GT(saved, 0U);
}

// Behind the dozen pages of the header tables, a file gives back about what lies before the cut.
TEST(Damage, WhatIsSavedGrowsWithWhatIsThere) {
  const fixture::Folder folder;
  constexpr std::size_t kWindows = 24'000;
  fixture::record(folder / "whole.assay", kWindows, fixture::small(64));
  const Blob whole = fixture::read_file(folder / "whole.assay");
  std::size_t before = 0;
  for (std::size_t tenth = 1; tenth < 10; ++tenth) {
    fixture::write_file(folder / "cut.assay", BlobView(whole).first(whole.size() * tenth / 10));
    const std::size_t saved = examine(folder / "cut.assay").windows;
    EXPECT_GE(saved, before) << tenth;
    before = saved;
    const double header = 12 * kPageSize;
    const auto size = static_cast<double>(whole.size());
    const double share = (size * static_cast<double>(tenth) / 10 - header) / (size - header);
    EXPECT_NEAR(static_cast<double>(saved), kWindows * std::max(share, 0.0), kWindows * 0.15)
        << tenth;
  }
}

// One segment, as of any recording of up to 20 minutes, after many commits to its tail: its times
// come first, so behind the header a cut leaves all windows, and of their values what lies before.
TEST(Damage, ACutInTheOnlySegmentLeavesItsWindowsAndTheValuesBeforeIt) {
  const fixture::Folder folder;
  constexpr int kDevices = 20;
  constexpr std::int64_t kWindows = 1200;
  std::vector<sample::DeviceFacts> devices;
  for (int i = 0; i < kDevices; ++i) devices.push_back(fixture::facts(i));
  auto recorder = Recorder::create(folder / "whole.assay", fixture::provenance(),
                                   fixture::simulated(), devices, fixture::small(kWindows + 1));
  ASSERT_TRUE(recorder.ok());
  for (std::int64_t i = 0; i < kWindows; ++i) {
    ASSERT_TRUE((*recorder)->add(fixture::snapshot(i, kDevices)).ok());
    if (i % 50 == 49) {
      ASSERT_TRUE((*recorder)->commit().ok());
    }
  }
  ASSERT_TRUE((*recorder)->finish().ok());
  const Blob whole = fixture::read_file(folder / "whole.assay");
  const auto of_whole = static_cast<double>(examine(folder / "whole.assay").values);
  const std::size_t pages = whole.size() / kPageSize;
  ASSERT_GT(pages, 20U);
  constexpr std::size_t kHeader = 9;  // pages
  std::size_t before = 0;
  for (const std::size_t there : {kHeader, kHeader + 1, (kHeader + pages) / 2, pages - 1}) {
    fixture::write_file(folder / "cut.assay", BlobView(whole).first(there * kPageSize));
    const Outcome cut = examine(folder / "cut.assay");
    SCOPED_TRACE(there);
    EXPECT_EQ(cut.windows, there > kHeader ? kWindows : 0);
    EXPECT_GE(cut.values, before);
    before = cut.values;
  }
  EXPECT_GT(static_cast<double>(before), 0.4 * of_whole) << "a page short";
}

TEST(Damage, OneSentenceSaysHowMuchWasSaved) {
  const fixture::Folder folder;
  fixture::record(folder / "whole.assay", 300);
  EXPECT_FALSE(Recording::open(folder / "whole.assay")->damage().has_value());
  const Blob whole = fixture::read_file(folder / "whole.assay");
  fixture::write_file(folder / "cut.assay", BlobView(whole).first(whole.size() - kPageSize));
  auto recording = Recording::open(folder / "cut.assay");
  ASSERT_TRUE(recording.ok());
  recording->verify();
  ASSERT_TRUE(recording->damage().has_value());
  EXPECT_THAT(*recording->damage(), HasSubstr("of 300 windows saved"));
}

TEST(Damage, EachByteOfTheEdgesCut) {
  const fixture::Folder folder;
  fixture::record(folder / "whole.assay", 20);
  const Blob whole = fixture::read_file(folder / "whole.assay");
  for (std::size_t size = 0; size < 130; ++size) {
    fixture::write_file(folder / "cut.assay", BlobView(whole).first(size));
    EXPECT_FALSE(examine(folder / "cut.assay").opened) << size;
  }
  for (std::size_t size = whole.size() - 40; size < whole.size(); ++size) {
    fixture::write_file(folder / "cut.assay", BlobView(whole).first(size));
    examine(folder / "cut.assay");
  }
}

TEST(Damage, BitFlipsAnywhere) {
  const fixture::Folder folder;
  constexpr std::int64_t kWindows = 48;
  fixture::record(folder / "test.assay", kWindows, fixture::small(8));
  const Blob bytes = fixture::read_file(folder / "test.assay");
  std::mt19937 random(20261122);
  std::size_t lost = 0;
  constexpr int kFlips = 2000;
  for (int i = 0; i < kFlips; ++i) {
    const std::size_t at = random() % bytes.size();
    const auto bit = static_cast<std::uint8_t>(1U << random() % 8);
    poke(folder / "test.assay", at, bytes[at] ^ bit);
    const Outcome outcome = examine(folder / "test.assay");
    poke(folder / "test.assay", at, bytes[at]);
    if (outcome.windows < kWindows) ++lost;
    if (outcome.opened && outcome.windows < kWindows) {
      EXPECT_GT(outcome.notes, 0U) << at;
    }
  }
  EXPECT_LT(lost, kFlips / 50);  // one bit hardly ever costs a window
}

TEST(Damage, AFlipInOneChunkLosesThatChunkOnlyAndNamesIt) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 40);
  {
    auto database = Database::open_to_write(folder / "test.assay");
    const auto id =
        chunk_id(1, kFirstMetricStream + static_cast<std::uint32_t>(index(Id::power)), 1);
    ASSERT_TRUE(
        database->execute("UPDATE chunk SET data = data || x'00' WHERE id = " + std::to_string(id))
            .ok());
  }
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok());
  EXPECT_THAT(recording->salvage_notes(), ElementsAre());  // nobody has looked yet
  const auto all = fixture::read_all(*recording);
  ASSERT_EQ(all.size(), 40U);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t d = 0; d < 2; ++d) {
      const bool hit = d == 1 && i >= 16 && i < 32;
      const auto& sample = all[i].devices[d].sample;
      EXPECT_EQ(sample.at_id(Id::power).usable(), !hit);
      if (hit) {
        EXPECT_EQ(sample.at_id(Id::power).reason(), sample::Reason::recording_damaged);
      }
      EXPECT_TRUE(sample.at_id(Id::energy).usable());
    }
  ASSERT_EQ(recording->salvage_notes().size(), 1U);
  EXPECT_THAT(recording->salvage_notes()[0], HasSubstr("power of device 1"));
  EXPECT_THAT(recording->salvage_notes()[0], HasSubstr("windows 16 to 31"));
  recording->verify();
  EXPECT_EQ(recording->salvage_notes().size(), 1U);
}

TEST(Damage, AMetricsNameHasACopy) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 20);
  {
    auto database = Database::open_to_write(folder / "test.assay");
    ASSERT_TRUE(database
                    ->execute("UPDATE stream SET name = 'qower' WHERE name = 'power' AND "
                              "id < 4096; UPDATE device SET uuid = 'x' WHERE id = 0; UPDATE "
                              "word SET code = 5 WHERE word = 'measured' AND id < 4096")
                    .ok());
  }
  const Outcome outcome = examine(folder / "test.assay");
  EXPECT_EQ(outcome.notes, 3U);
  auto recording = Recording::open(folder / "test.assay");
  EXPECT_EQ(recording->devices()[0], fixture::facts(0));
  EXPECT_TRUE(fixture::read_all(*recording)[7].devices[1].sample.at_id(Id::power).usable());
}

TEST(Damage, TheCopyOfTheTimesSavesASegment) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 40);
  {
    auto database = Database::open_to_write(folder / "test.assay");
    ASSERT_TRUE(database
                    ->execute("UPDATE chunk SET crc = crc + 1 WHERE id = " +
                              std::to_string(chunk_id(1, kWindowsStream, 0)))
                    .ok());
    ASSERT_TRUE(database
                    ->execute("DELETE FROM chunk WHERE id >> 24 = 2 AND (id >> 12 & 4095) IN "
                              "(0, 4095)")
                    .ok());
  }
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok());
  EXPECT_EQ(fixture::read_all(*recording).size(), 32U);
  EXPECT_FALSE(recording->salvage_notes().empty());
}

TEST(Damage, ALostPageOfThePrimaryTreeIsGoneAround) {
  const fixture::Folder folder;
  constexpr std::int64_t kWindows = 300;
  fixture::record(folder / "test.assay", kWindows, fixture::small(8));
  Blob bytes = fixture::read_file(folder / "test.assay");
  // Every interior page of every tree but page 1: SQLite can't find its way, the leaves are whole.
  int broken = 0;
  for (std::size_t at = kPageSize; at < bytes.size(); at += kPageSize)
    if (bytes[at] == 5) {
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 512, std::uint8_t{0xa5});
      ++broken;
    }
  ASSERT_GT(broken, 0);
  fixture::write_file(folder / "test.assay", bytes);
  const Outcome outcome = examine(folder / "test.assay");
  EXPECT_EQ(outcome.windows, static_cast<std::size_t>(kWindows));
  EXPECT_GT(outcome.notes, 0U);
}

}  // namespace
}  // namespace assay::store

// SPDX-License-Identifier: Apache-2.0
#include "assay/store/recording.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

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

// Ratios of the fixture are not whole hundredths of a per cent; everything else is exact.
void expect_same(const sample::Snapshot& got, const sample::Snapshot& want) {
  EXPECT_EQ(got.at, want.at);
  EXPECT_EQ(got.origin, want.origin);
  EXPECT_NEAR(got.self.cpu.value(), want.self.cpu.value(), 5e-7);
  EXPECT_EQ(got.self.rss, want.self.rss);
  EXPECT_EQ(got.self.samples, want.self.samples);
  EXPECT_EQ(got.self.lost, want.self.lost);
  ASSERT_EQ(got.devices.size(), want.devices.size());
  for (std::size_t d = 0; d < got.devices.size(); ++d) {
    EXPECT_EQ(got.devices[d].facts, want.devices[d].facts);
    const sample::Sample& a = got.devices[d].sample;
    const sample::Sample& b = want.devices[d].sample;
    EXPECT_EQ(a.at, b.at);
    EXPECT_EQ(a.window, b.window);
    EXPECT_EQ(a.presence, b.presence);
    EXPECT_EQ(a.trouble, b.trouble);
    EXPECT_EQ(a.processes, b.processes);
    EXPECT_EQ(a.processes_reason, b.processes_reason);
    for (const auto& def : metric::all()) {
      const auto& x = a.at_id(def.id);
      const auto& y = b.at_id(def.id);
      EXPECT_EQ(x.state(), y.state()) << def.name;
      EXPECT_EQ(x.reason(), y.reason()) << def.name;
      EXPECT_EQ(x.source(), y.source()) << def.name;
      EXPECT_EQ(x.window(), y.window()) << def.name;
      ASSERT_EQ(x.raw().has_value(), y.raw().has_value()) << def.name;
      if (x.raw()) {
        EXPECT_NEAR(*x.raw(), *y.raw(), def.unit == metric::Unit::ratio ? 6.4e-6 : 0);
      }
    }
  }
}

TEST(Recording, GivesBackWhatWasRecorded) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 55);
  EXPECT_THAT(folder.files(), ElementsAre("test.assay"));
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok()) << recording.error().message;
  EXPECT_EQ(recording->provenance(), fixture::provenance());
  EXPECT_EQ(recording->recorded_origin(), fixture::simulated());
  EXPECT_EQ(recording->origin().kind, sample::OriginKind::recording);
  EXPECT_THAT(recording->devices(), ElementsAre(fixture::facts(0), fixture::facts(1)));
  ASSERT_EQ(recording->events().size(), 6U);
  EXPECT_EQ(recording->events()[3], (sample::Event{{kStart + 30 * kSecond}, 0, "note", "30"}));
  EXPECT_TRUE(recording->finished());
  EXPECT_EQ(recording->window_count(), 55);
  EXPECT_EQ(recording->first_time()->unix_ns, kStart);
  EXPECT_EQ(recording->last_time()->unix_ns, kStart + 54 * kSecond);
  recording->verify();
  EXPECT_THAT(recording->salvage_notes(), ElementsAre());
  const auto all = fixture::read_all(*recording);
  ASSERT_EQ(all.size(), 55U);
  for (std::size_t i = 0; i < all.size(); ++i)
    expect_same(all[i], fixture::snapshot(static_cast<std::int64_t>(i)));
}

TEST(Recording, OfAnUnfinishedFileShowsEverythingCommitted) {
  const fixture::Folder folder;
  auto recorder = Recorder::create(folder / "test.assay", fixture::provenance(),
                                   fixture::simulated(), {}, fixture::small());
  ASSERT_TRUE(recorder.ok());
  for (std::int64_t i = 0; i < 37; ++i) ASSERT_TRUE((*recorder)->add(fixture::snapshot(i)).ok());
  ASSERT_TRUE((*recorder)->commit().ok());
  ASSERT_TRUE((*recorder)->add(fixture::snapshot(37)).ok());  // not committed
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok());
  EXPECT_FALSE(recording->finished());
  const auto all = fixture::read_all(*recording);
  ASSERT_EQ(all.size(), 37U);
  for (std::size_t i = 0; i < all.size(); ++i)
    expect_same(all[i], fixture::snapshot(static_cast<std::int64_t>(i)));
  ASSERT_TRUE((*recorder)->finish().ok());
  EXPECT_EQ(fixture::read_all(*recording).size(), 37U);  // as it was when opened
}

TEST(Recording, KeepsDevicesThatComeAndGoAndTheirTroubles) {
  const fixture::Folder folder;
  std::vector<sample::Snapshot> wanted;
  auto recorder =
      Recorder::create(folder / "test.assay", {}, fixture::simulated(), {}, fixture::small(8));
  ASSERT_TRUE(recorder.ok());
  for (std::int64_t i = 0; i < 20; ++i) {
    sample::Snapshot s = fixture::snapshot(i, i < 5 ? 1 : 3);
    if (i > 12) s.devices.erase(s.devices.begin());
    s.devices[0].sample.presence = i % 3 == 0 ? sample::Presence::stale : sample::Presence::ok;
    if (i % 3 == 0) s.devices[0].sample.trouble = "nvmlDeviceGetPowerUsage has not come back";
    wanted.push_back(s);
    ASSERT_TRUE((*recorder)->add(s).ok());
  }
  ASSERT_TRUE((*recorder)->finish().ok());
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok());
  EXPECT_EQ(recording->devices().size(), 3U);
  const auto all = fixture::read_all(*recording);
  ASSERT_EQ(all.size(), wanted.size());
  for (std::size_t i = 0; i < all.size(); ++i) expect_same(all[i], wanted[i]);
}

TEST(Recording, AtFindsTheWindowThatContainsOrLastPrecedes) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 40);
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok());
  const auto window_at = [&](double seconds) {
    const auto ns = static_cast<std::int64_t>(seconds * 1e9);
    const auto found = recording->at({kStart + ns});
    return found.ok() ? (found->at.unix_ns - kStart) / kSecond : -1;
  };
  EXPECT_EQ(window_at(7), 7);
  EXPECT_EQ(window_at(7.5), 8);    // the window that ends at 8 s began at 7 s
  EXPECT_EQ(window_at(15.5), 16);  // over the seam of two segments
  EXPECT_EQ(window_at(-0.5), 0);
  EXPECT_EQ(window_at(1e6), 39);
  const auto early = recording->at({kStart - 5 * kSecond});
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().code, ErrorCode::not_found);
  Cursor cursor = recording->cursor({kStart + 33 * kSecond + 1});
  EXPECT_EQ((*cursor.next())->at.unix_ns, kStart + 34 * kSecond);
}

TEST(Recording, SeriesHaveMinMeanMaxAndGaps) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 50);
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok());
  const sample::WallTime from{kStart - 10 * kSecond};
  const auto power = recording->series(1, Id::power, from, {kStart + 50 * kSecond}, Seconds(10));
  ASSERT_TRUE(power.ok());
  ASSERT_EQ(power->buckets.size(), 6U);
  EXPECT_EQ(power->buckets[0].count, 0);
  EXPECT_TRUE(std::isnan(power->buckets[0].mean));
  EXPECT_EQ(power->buckets[3].count, 10);
  EXPECT_DOUBLE_EQ(power->buckets[3].min, 256 + 0.128 * 20);
  EXPECT_DOUBLE_EQ(power->buckets[3].max, 256 + 0.128 * 29);
  EXPECT_NEAR(power->buckets[3].mean, 256 + 0.128 * 24.5, 1e-9);
  // Each fifth reading of dram_util is unknown: it counts for nothing, least of all for 0.
  const auto dram =
      recording->series(0, Id::dram_util, {kStart}, {kStart + 50 * kSecond}, Seconds(50));
  ASSERT_TRUE(dram.ok());
  EXPECT_EQ(dram->buckets[0].count, 40);
  EXPECT_EQ(dram->buckets[0].min, 0.25);
  const auto never =
      recording->series(0, Id::fp64_util, {kStart}, {kStart + 50 * kSecond}, Seconds(50));
  EXPECT_EQ(never->buckets[0].count, 0);
}

TEST(Recording, SeriesRefusesNonsense) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 3);
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok());
  const auto refused = [&](std::size_t device, std::int64_t to, double step) {
    const auto series = recording->series(device, Id::power, {0}, {to}, Seconds(step));
    return !series.ok() && series.error().code == ErrorCode::invalid_argument;
  };
  EXPECT_TRUE(refused(2, kSecond, 1));
  EXPECT_TRUE(refused(0, 0, 1));
  EXPECT_TRUE(refused(0, kSecond, 0));
  EXPECT_TRUE(refused(0, kSecond, -1));
  EXPECT_TRUE(refused(0, kSecond, std::nan("")));
  EXPECT_TRUE(refused(0, kStart, 1));
}

TEST(Recording, ReadsFromReadOnlyMedia) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 20);
  namespace fs = std::filesystem;
  fs::permissions(folder / "test.assay", fs::perms::owner_read);
  fs::permissions(folder / "", fs::perms::owner_read | fs::perms::owner_exec);
  auto recording = Recording::open(folder / "test.assay");
  EXPECT_TRUE(recording.ok());
  if (recording.ok()) {
    EXPECT_EQ(fixture::read_all(*recording).size(), 20U);
  }
  fs::permissions(folder / "", fs::perms::owner_all);
}

TEST(Recording, MetricsOfAnotherVersionAreLeftAloneAndTheRestIsRead) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 20);
  auto database = Database::open_to_write(folder / "test.assay");
  ASSERT_TRUE(database.ok());
  // As if a metric had since changed its name, and another its unit.
  auto streams = RowWriter::prepare(*database, kStream);
  const auto write = [&](Id id, std::string_view name, std::string_view unit) {
    const std::array<Cell, 3> cells{name, unit, "gauge"};
    return streams->write(kFirstMetricStream + static_cast<std::int64_t>(index(id)), cells).ok();
  };
  ASSERT_TRUE(write(Id::power, "old_power", "watts"));
  ASSERT_TRUE(write(Id::sm_clock, "sm_clock", "count"));
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok());
  const auto all = fixture::read_all(*recording);
  ASSERT_EQ(all.size(), 20U);
  const auto& readings = all[4].devices[0].sample;
  EXPECT_EQ(readings.at_id(Id::power), sample::Reading<double>());
  EXPECT_EQ(readings.at_id(Id::sm_clock), sample::Reading<double>());
  EXPECT_TRUE(readings.at_id(Id::energy).usable());
  EXPECT_THAT(recording->salvage_notes(), ElementsAre());
}

void expect_refused(const std::filesystem::path& path, ErrorCode code, std::string_view why) {
  const auto recording = Recording::open(path);
  ASSERT_FALSE(recording.ok()) << path;
  EXPECT_EQ(recording.error().code, code);
  EXPECT_THAT(recording.error().message, HasSubstr(std::string(why)));
  EXPECT_THAT(recording.error().message, HasSubstr(path.string()));
}

TEST(Recording, RefusesWhatIsNotARecordingInOneSentence) {
  const fixture::Folder folder;
  expect_refused(folder / "none.assay", ErrorCode::not_found, "No such file");
  EXPECT_THAT(folder.files(), ElementsAre());  // opening creates nothing
  std::ofstream(folder / "empty.assay");
  expect_refused(folder / "empty.assay", ErrorCode::corrupt, "empty");
  std::ofstream(folder / "text.assay") << std::string(5000, 'x');
  expect_refused(folder / "text.assay", ErrorCode::corrupt, "not an assay recording");
  std::filesystem::create_directory(folder / "dir.assay");
  expect_refused(folder / "dir.assay", ErrorCode::io, "not a regular file");

  std::ofstream(folder / "other.assay");
  auto other = Database::open_to_write(folder / "other.assay");
  ASSERT_TRUE(other->execute("CREATE TABLE t (x); PRAGMA application_id=252006673").ok());
  expect_refused(folder / "other.assay", ErrorCode::corrupt, "another program");

  fixture::record(folder / "newer.assay", 3);
  auto newer = Database::open_to_write(folder / "newer.assay");
  ASSERT_TRUE(newer->execute("PRAGMA user_version=2").ok());
  expect_refused(folder / "newer.assay", ErrorCode::version_refused, "format 2");
}

}  // namespace
}  // namespace assay::store

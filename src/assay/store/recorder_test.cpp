// SPDX-License-Identifier: Apache-2.0
#include "assay/store/recorder.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "assay/store/database.hpp"
#include "assay/store/fixture_for_tests.hpp"

namespace assay::store {
namespace {

using fixture::kSecond;
using fixture::kStart;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Recorder, NeverWritesOverAFile) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 2);
  const auto again = Recorder::create(folder / "test.assay", {}, {}, {});
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(again.error().message, HasSubstr("exists"));
  auto recording = Recording::open(folder / "test.assay");
  EXPECT_EQ(recording->window_count(), 2);
}

TEST(Recorder, SaysWhyItCannotBegin) {
  const fixture::Folder folder;
  const auto nowhere = Recorder::create(folder / "no/such/dir.assay", {}, {}, {});
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().code, ErrorCode::not_found);
  EXPECT_THAT(nowhere.error().message, HasSubstr("no/such/dir.assay"));
  RecorderOptions full;
  full.max_bytes = 40'000;  // not even the tables fit
  const auto tight = Recorder::create(folder / "tight.assay", {}, {}, {}, full);
  ASSERT_FALSE(tight.ok());
  EXPECT_THAT(tight.error().message, HasSubstr("disk is full"));
  EXPECT_THAT(folder.files(), ElementsAre());  // nothing is left lying about
}

TEST(Recorder, AFullDiskIsOneErrorAndEverythingCommittedStays) {
  const fixture::Folder folder;
  RecorderOptions options = fixture::small(64);
  options.max_bytes = 400'000;
  options.commit_every = Seconds(0);
  auto recorder = Recorder::create(folder / "test.assay", fixture::provenance(),
                                   fixture::simulated(), {}, options);
  ASSERT_TRUE(recorder.ok()) << recorder.error().message;
  std::int64_t added = 0;
  Status status;
  for (; added < 100'000 && status.ok(); ++added)
    status = (*recorder)->add(fixture::snapshot(added, 8));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::io);
  EXPECT_THAT(status.error().message, HasSubstr("the disk is full"));
  EXPECT_EQ((*recorder)->add(fixture::snapshot(added)).error(), status.error());
  EXPECT_EQ((*recorder)->finish().error(), status.error());
  EXPECT_THAT(folder.files(), ElementsAre("test.assay"));
  auto recording = Recording::open(folder / "test.assay");
  ASSERT_TRUE(recording.ok());
  const auto all = fixture::read_all(*recording);
  EXPECT_EQ(static_cast<std::int64_t>(all.size()), added - 1);
  EXPECT_GT(added, 64);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(all[i].at.unix_ns, kStart + static_cast<std::int64_t>(i) * kSecond);
  EXPECT_THAT(recording->salvage_notes(), ElementsAre());
}

TEST(Recorder, AReaderThatHoldsTheFileDelaysTheCommitAndLosesNothing) {
  const fixture::Folder folder;
  RecorderOptions options = fixture::small(64);
  options.commit_every = Seconds(0);
  auto recorder = Recorder::create(folder / "test.assay", {}, {}, {}, options);
  ASSERT_TRUE(recorder.ok());
  {
    auto reader = Database::open_to_read(folder / "test.assay");
    ASSERT_TRUE(reader->execute("BEGIN; SELECT count(*) FROM chunk").ok());
    ASSERT_TRUE((*recorder)->add(fixture::snapshot(0)).ok());
  }
  ASSERT_TRUE((*recorder)->add(fixture::snapshot(1)).ok());
  auto recording = Recording::open(folder / "test.assay");
  EXPECT_EQ(recording->window_count(), 2);
}

TEST(Recorder, FactsThatBecomeKnownLaterAreKept) {
  const fixture::Folder folder;
  sample::DeviceFacts bare = fixture::facts(0);
  bare.chip.clear();
  auto recorder = Recorder::create(folder / "test.assay", {}, {}, std::vector{bare});
  ASSERT_TRUE((*recorder)->add(fixture::snapshot(0, 1)).ok());
  ASSERT_TRUE((*recorder)->finish().ok());
  EXPECT_FALSE((*recorder)->add(fixture::snapshot(1, 1)).ok());
  auto recording = Recording::open(folder / "test.assay");
  EXPECT_THAT(recording->devices(), ElementsAre(fixture::facts(0)));
}

TEST(Recorder, ATransactionCutInTheMiddleIsRolledBackByTheReader) {
  const fixture::Folder folder;
  fixture::record(folder / "test.assay", 20);
  auto database = Database::open_to_write(folder / "test.assay");
  ASSERT_TRUE(database
                  ->execute("PRAGMA synchronous=OFF; PRAGMA cache_size=1; BEGIN; "
                            "UPDATE chunk SET data = zeroblob(20000)")
                  .ok());
  // What a killed process leaves: the file half overwritten and the journal of what it was.
  std::filesystem::copy_file(folder / "test.assay", folder / "killed.assay");
  std::filesystem::copy_file(folder / "test.assay-journal", folder / "killed.assay-journal");
  auto recording = Recording::open(folder / "killed.assay");
  ASSERT_TRUE(recording.ok()) << recording.error().message;
  EXPECT_EQ(fixture::read_all(*recording).size(), 20U);
  EXPECT_THAT(recording->salvage_notes(), ElementsAre());
}

// Adds windows as fast as it can until it is killed; writes each one's number once add() is done.
[[noreturn]] void record_until_killed(const std::filesystem::path& path, int pipe_end) {
  RecorderOptions options = fixture::small(4);
  options.commit_every = Seconds(0.01);
  auto recorder = Recorder::create(path, fixture::provenance(), fixture::simulated(), {}, options);
  for (std::int64_t i = 0; recorder.ok(); ++i) {
    if (!(*recorder)->add(fixture::snapshot(i)).ok()) break;
    if (::write(pipe_end, &i, sizeof i) != sizeof i) break;
  }
  ::_exit(1);
}

TEST(Recorder, SigkillLosesOnlyTheLastInstantAndDoublesNothing) {
  const fixture::Folder folder;
  for (int round = 0; round < 8; ++round) {
    const auto path = folder / ("killed" + std::to_string(round) + ".assay");
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) record_until_killed(path, ends[1]);
    ::close(ends[1]);
    std::vector<std::int64_t> added;
    std::int64_t window = 0;
    const std::int64_t enough = 40 + round * 13;
    while (::read(ends[0], &window, sizeof window) == sizeof window) {
      added.push_back(window);
      if (window == enough) ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    auto recording = Recording::open(path);
    ASSERT_TRUE(recording.ok()) << recording.error().message;
    EXPECT_THAT(recording->salvage_notes(), ElementsAre());
    const auto all = fixture::read_all(*recording);
    for (std::size_t i = 0; i < all.size(); ++i)
      ASSERT_EQ(all[i].at.unix_ns, kStart + static_cast<std::int64_t>(i) * kSecond);
    // Four windows make a segment, which is committed at once: fewer than that can be pending.
    EXPECT_GE(all.size() + 4, added.size());
  }
}

}  // namespace
}  // namespace assay::store

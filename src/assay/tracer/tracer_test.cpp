// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <vector>

#include "assay/trace_ring/reader.hpp"
#include "assay/tracer/buffers.hpp"
#include "assay/tracer/guard.hpp"
#include "assay/tracer/names.hpp"
#include "assay/tracer/plan.hpp"
#include "assay/tracer/ring_file.hpp"

namespace assay::tracer {
namespace {

TEST(Guard, GivesBackTheSignalAndTheHandlers) {
  struct sigaction before{};  // a sanitizer has handlers of its own
  sigaction(SIGSEGV, nullptr, &before);
  EXPECT_EQ(guarded([] {}), 0);
  EXPECT_EQ(guarded([] { std::raise(SIGSEGV); }), SIGSEGV);
  EXPECT_EQ(guarded([] { std::abort(); }), SIGABRT);
  struct sigaction now{};
  sigaction(SIGSEGV, nullptr, &now);
  EXPECT_EQ(now.sa_handler, before.sa_handler);
  EXPECT_EQ(guarded([] { std::raise(SIGBUS); }), SIGBUS) << "works more than once";
}

TEST(Plan, NonsenseIsTheDefault) {
  unsetenv("ASSAY_TRACE_DIR");
  EXPECT_EQ(plan_from_environment().folder, nullptr);
  for (const char* bursts : {"", "20", "0/400", "400/20", "20/99999999", "x/y", "20/"}) {
    setenv("ASSAY_TRACE_BURST_MS", bursts, 1);
    EXPECT_EQ(plan_from_environment().burst_ms, 0U) << bursts;
  }
  setenv("ASSAY_TRACE_BURST_MS", "20/400", 1);
  EXPECT_EQ(plan_from_environment().burst_ms, 20U);
  EXPECT_EQ(plan_from_environment().every_ms, 400U);
  setenv("ASSAY_TRACE_GRAPHS", "whole", 1);
  EXPECT_EQ(plan_from_environment().burst_ms, 0U) << "whole graphs are not switched";
  unsetenv("ASSAY_TRACE_GRAPHS");
  setenv("ASSAY_TRACE_RING_SLOTS", "1000", 1);
  EXPECT_EQ(plan_from_environment().slots, 512U);
  setenv("ASSAY_TRACE_RING_SLOTS", "-1", 1);
  EXPECT_EQ(plan_from_environment().slots, trace_ring::kMostSlots);
  unsetenv("ASSAY_TRACE_RING_SLOTS");
  unsetenv("ASSAY_TRACE_BURST_MS");
}

TEST(Buffers, ComeBackZeroedTheLastFirstAndEndAtTheirCount) {
  auto buffers = std::make_unique<Buffers>();
  ASSERT_TRUE(buffers->reserve());
  std::uint8_t* one = buffers->take();
  one[0] = one[99] = 7;
  buffers->give_back(one, 100);
  EXPECT_EQ(buffers->take(), one);
  EXPECT_EQ(one[0] + one[99], 0);
  std::vector<std::uint8_t*> all;
  while (std::uint8_t* next = buffers->take()) all.push_back(next);
  EXPECT_EQ(all.size() + 1, Buffers::kCount);
  EXPECT_EQ(buffers->out(), Buffers::kCount);
  static_assert(Buffers::kCount * Buffers::kBytes +
                    trace_ring::file_bytes(trace_ring::kDefaultSlots) <
                40U * 1024 * 1024);
}

TEST(RingFile, AppearsWholeAndLeavesNothingOpen) {
  const std::string folder = testing::TempDir() + "/rings";
  std::filesystem::remove_all(folder);
  EXPECT_EQ(make_ring(folder.c_str(), 64).page, nullptr) << "no such folder";
  std::filesystem::create_directory(folder);
  const int next_fd = dup(0);
  close(next_fd);
  const Ring ring = make_ring(folder.c_str(), 64);
  ASSERT_NE(ring.page, nullptr);
  EXPECT_EQ(dup(0), next_fd);
  close(next_fd);
  const auto file = *std::filesystem::directory_iterator(folder);
  const auto reader = trace_ring::Reader::open(file.path().string());
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->pid(), getpid());
  EXPECT_NE(reader->process(), "");
  std::filesystem::remove_all(folder);
}

// Sets the soft limit for a scope; files of a test that are larger would end it with SIGXFSZ.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit lower{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &lower);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST(RingFile, StaysBelowTheLimitOnFiles) {
  const std::string folder = testing::TempDir() + "/limited-rings";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  Ring exact, smaller, none;
  {
    const FileSizeLimit limit(trace_ring::file_bytes(1024));
    exact = make_ring(folder.c_str(), 1024);
    smaller = make_ring(folder.c_str(), 4096);
  }
  EXPECT_EQ(exact.slots, 1024U);
  EXPECT_EQ(exact.limit, nullptr);
  EXPECT_EQ(smaller.slots, 1024U);
  ASSERT_NE(smaller.limit, nullptr);
  EXPECT_NE(std::string(smaller.limit).find("ulimit -f"), std::string::npos);
  {
    const FileSizeLimit limit(trace_ring::file_bytes(trace_ring::kFewestSlots) - 1);
    none = make_ring(folder.c_str(), 4096);
  }
  EXPECT_EQ(none.page, nullptr);
  int refusals = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.is_symlink()) continue;
    ++refusals;
    EXPECT_TRUE(entry.path().native().ends_with(trace_ring::kRefusedSuffix));
    EXPECT_NE(std::filesystem::read_symlink(entry.path()).native().find("/no ring could be made"),
              std::string::npos);
  }
  EXPECT_EQ(refusals, 1);
  std::filesystem::remove_all(folder);
}

class NamesTest : public testing::Test {
 protected:
  static constexpr std::uint32_t kSlots = 1U << 15;
  NamesTest() : memory_(trace_ring::file_bytes(kSlots) / sizeof(Line)) {
    page_ = std::construct_at(reinterpret_cast<trace_ring::Page*>(memory_.data()));
    page_->slots = kSlots;
    writer_ = trace_ring::Writer(page_, kSlots);
    names_->begin_buffer();
  }
  std::uint64_t written() {
    writer_.publish();
    return page_->written.load();
  }

  struct alignas(trace_ring::kSlotBytes) Line {
    std::byte bytes[trace_ring::kSlotBytes];
  };
  std::vector<Line> memory_;
  trace_ring::Page* page_ = nullptr;
  trace_ring::Writer writer_;
  std::unique_ptr<Names> names_ = std::make_unique<Names>();
};

TEST_F(NamesTest, AreWrittenOnceAPointer) {
  const std::string a = "a";
  const std::string b = "b";
  const std::uint32_t first = names_->id_of(a.c_str(), writer_);
  EXPECT_NE(first, 0U);
  EXPECT_NE(names_->id_of(b.c_str(), writer_), first);
  const std::uint64_t so_far = written();
  names_->begin_buffer();
  EXPECT_EQ(names_->id_of(a.c_str(), writer_), first);
  EXPECT_EQ(written(), so_far);
  EXPECT_EQ(names_->id_of(nullptr, writer_), 0U);
}

TEST_F(NamesTest, APointerThatHoldsAnotherNameIsWrittenAgain) {
  char name[] = "before";
  names_->id_of(name, writer_);
  const std::uint64_t so_far = written();
  name[0] = 'B';
  names_->begin_buffer();
  names_->id_of(name, writer_);
  EXPECT_GT(written(), so_far);
}

TEST_F(NamesTest, MoreThanTheTableHoldsStillGetTheirNames) {
  std::vector<std::string> many;
  for (int i = 0; i < 12'000; ++i) many.push_back("kernel" + std::to_string(i));
  for (const std::string& name : many) EXPECT_NE(names_->id_of(name.c_str(), writer_), 0U);
  EXPECT_EQ(written(), 2 * many.size());
}

TEST_F(NamesTest, AFullRingIsSaidAndTriedAgain) {
  for (std::uint32_t i = 0; i < kSlots; ++i) writer_.push(trace_ring::KernelSlot{});
  const std::string late = "late";
  EXPECT_EQ(names_->id_of(late.c_str(), writer_), Names::kNoRoom);
  written();
  page_->read.store(kSlots);
  EXPECT_NE(names_->id_of(late.c_str(), writer_), Names::kNoRoom);
}

}  // namespace
}  // namespace assay::tracer

// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "assay/trace_ring/reader.hpp"
#include "assay/trace_ring/writer.hpp"

namespace assay::trace_ring {
namespace {

// A ring's file with both ends in this process.
struct Both {
  explicit Both(std::uint32_t slots) : path(testing::TempDir() + "/both.ring") {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    EXPECT_EQ(ftruncate(fd, static_cast<off_t>(file_bytes(slots))), 0);
    memory = mmap(nullptr, file_bytes(slots), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    page = std::construct_at(static_cast<Page*>(memory));
    page->slots = slots;
    writer = Writer(page, slots);
    size = file_bytes(slots);
  }
  ~Both() {
    munmap(memory, size);
    std::filesystem::remove(path);
  }
  std::string path;
  void* memory = nullptr;
  std::size_t size = 0;
  Page* page = nullptr;
  Writer writer;
};

KernelSlot numbered(std::uint64_t n) {
  KernelSlot slot;
  slot.start = n;
  return slot;
}

std::uint64_t number_of(const Slot& slot) {
  KernelSlot kernel;
  std::memcpy(&kernel, slot.data(), sizeof kernel);
  return kernel.start;
}

TEST(Ring, GivesWhatWasPutInOrderManyTimesAround) {
  Both both(64);
  auto reader = Reader::open(both.path);
  ASSERT_TRUE(reader);
  std::uint64_t expected = 0;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    ASSERT_TRUE(both.writer.push(numbered(n)));
    if (n % 40 != 39) continue;
    both.writer.publish();
    for (const Slot& slot : reader->take()) EXPECT_EQ(number_of(slot), expected++);
    EXPECT_EQ(expected, n + 1);
  }
  EXPECT_EQ(reader->lost(), 0U);
}

TEST(Ring, FullLosesTheNewestAndCountsThem) {
  Both both(64);
  auto reader = Reader::open(both.path);
  for (std::uint64_t n = 0; n < 100; ++n) EXPECT_EQ(both.writer.push(numbered(n)), n < 64);
  both.writer.publish();
  EXPECT_EQ(reader->lost(), 36U);
  const auto slots = reader->take();
  ASSERT_EQ(slots.size(), 64U);
  EXPECT_EQ(number_of(slots.back()), 63U);
  EXPECT_TRUE(both.writer.push(numbered(100))) << "what was taken makes room";
}

TEST(Ring, TextTakesItsSlotsOrNone) {
  Both both(64);
  auto reader = Reader::open(both.path);
  EXPECT_TRUE(both.writer.push(TextSlot{}, std::string(100, 'x')));
  EXPECT_FALSE(both.writer.push(TextSlot{}, std::string(64 * 64, 'y')));
  both.writer.publish();
  EXPECT_EQ(reader->take().size(), 3U);
}

TEST(Ring, TwoThreadsLoseNothingUncounted) {
  constexpr std::uint64_t kCount = 200'000;
  Both both(256);
  auto reader = Reader::open(both.path);
  std::thread writing([&] {
    for (std::uint64_t n = 1; n <= kCount; ++n) both.writer.push(numbered(n));
    both.writer.publish();
    both.page->state.store(static_cast<std::uint32_t>(State::ended));
  });
  std::uint64_t got = 0;
  std::uint64_t last = 0;
  for (bool ended = false;;) {
    const auto slots = reader->take();
    for (const Slot& slot : slots) {
      ASSERT_GT(number_of(slot), last) << "out of order or torn";
      last = number_of(slot);
      ++got;
    }
    if (slots.empty() && ended) break;
    ended = reader->state() == State::ended;
  }
  writing.join();
  EXPECT_EQ(got + reader->lost(), kCount);
}

TEST(Ring, StrangersFilesAreRefused) {
  const std::string path = testing::TempDir() + "/stranger.ring";
  EXPECT_FALSE(Reader::open(path));
  for (const std::size_t bytes : {std::size_t{0}, kPageBytes, file_bytes(64) - 1, file_bytes(64)}) {
    std::ofstream(path) << std::string(bytes, 'z');
    const auto reader = Reader::open(path);
    ASSERT_FALSE(reader) << bytes;
    EXPECT_EQ(reader.error().code, ErrorCode::corrupt);
  }
  std::filesystem::remove(path);
}

TEST(Ring, ScribbledCountsDoNoHarm) {
  Both both(64);
  auto reader = Reader::open(both.path);
  both.page->written.store(1'000'000'000'000);
  EXPECT_TRUE(reader->take().empty());
  both.page->written.store(5);
  EXPECT_LE(reader->take().size(), 64U);
  both.page->trouble.fill('x');
  EXPECT_EQ(reader->trouble().size(), both.page->trouble.size());
}

}  // namespace
}  // namespace assay::trace_ring

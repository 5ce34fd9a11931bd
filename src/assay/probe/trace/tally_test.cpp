// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/tally.hpp"

#include <gtest/gtest.h>
#include <malloc.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <vector>

namespace assay::probe::trace {
namespace {

using trace_ring::CopySlot;
using trace_ring::KernelSlot;
using trace_ring::Kind;
using trace_ring::Slot;
using trace_ring::SpanSlot;
using trace_ring::TextSlot;

// A stream of slots as a tracer would write it.
class Stream {
 public:
  template <typename S>
  Stream& add(const S& slot) {
    Slot out;
    std::memcpy(&out, &slot, sizeof out);
    slots.push_back(out);
    return *this;
  }
  Stream& name(std::uint32_t id, const std::string& text) {
    TextSlot slot;
    slot.id = id;
    return add_text(slot, text);
  }
  Stream& device(std::uint16_t ordinal, std::uint8_t uuid) {
    TextSlot slot;
    slot.kind = Kind::device;
    slot.device = ordinal;
    slot.sm_count = 132;
    slot.cc_major = 9;
    slot.uuid.fill(uuid);
    return add_text(slot, "H100");
  }
  Stream& kernel(std::uint32_t name, std::uint64_t start, std::uint64_t end,
                 std::uint32_t stream = 1, std::uint16_t ordinal = 0) {
    KernelSlot slot;
    slot.name = name;
    slot.device = ordinal;
    slot.start = start;
    slot.end = end;
    slot.stream = stream;
    slot.grid = {10, 1, 1};
    slot.block = {128, 1, 1};
    return add(slot);
  }
  Stream& span(Kind kind, std::uint64_t start, std::uint64_t end) {
    SpanSlot slot;
    slot.kind = kind;
    slot.start = start;
    slot.end = end;
    return add(slot);
  }
  std::vector<Slot> slots;

 private:
  Stream& add_text(TextSlot slot, const std::string& text) {
    slot.length = static_cast<std::uint32_t>(text.size());
    add(slot);
    for (std::size_t at = 0; at < text.size(); at += sizeof(Slot)) {
      Slot piece{};
      std::memcpy(piece.data(), text.data() + at, std::min(sizeof(Slot), text.size() - at));
      slots.push_back(piece);
    }
    return *this;
  }
};

sample::KernelTable table_of(const Stream& stream) {
  Tally tally;
  tally.take(0, 100, 0, stream.slots);
  return tally.result();
}

double ns(Seconds time) { return time.value() * 1e9; }

TEST(Tally, GathersBySignatureAndLongestFirst) {
  const std::string long_name(1000, 'x');
  const auto table = table_of(Stream()
                                  .device(0, 1)
                                  .name(1, "a")
                                  .name(2, long_name)
                                  .kernel(1, 1000, 1100)
                                  .kernel(2, 1200, 1700, 2)
                                  .kernel(1, 1700, 1750));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].signature.name, long_name);
  const sample::KernelRow& a = table.rows[1];
  EXPECT_EQ(a.launches, 2);
  EXPECT_NEAR(ns(a.total), 150, 1e-6);
  EXPECT_NEAR(ns(a.shortest), 50, 1e-6);
  EXPECT_NEAR(ns(a.longest), 100, 1e-6);
  EXPECT_EQ(a.signature.blocks(), 10U);
  EXPECT_NEAR(ns(table.rows[0].gap), 100, 1e-6);
  EXPECT_EQ(table.rows[0].gaps, 1);
  EXPECT_EQ(a.gaps, 0) << "the first of all has none, and the last follows at once";
  EXPECT_EQ(table.devices[0].uuid, "GPU-01010101-0101-0101-0101-010101010101");
  EXPECT_EQ(table.devices[0].sm_count, 132);
  EXPECT_NEAR(ns(table.devices[0].busy), 650, 1e-6);
  EXPECT_NEAR(ns(table.devices[0].span), 750, 1e-6);
  EXPECT_FALSE(a.total_error);
}

TEST(Tally, OverlapIsBusyOnceAndCopiesEndGaps) {
  CopySlot copy;
  copy.way = 1;
  copy.start = 2000;
  copy.end = 2500;
  copy.bytes = 64;
  const auto table = table_of(Stream()
                                  .name(1, "a")
                                  .kernel(1, 1000, 2000, 1)
                                  .kernel(1, 1500, 1800, 2)
                                  .add(copy)
                                  .kernel(1, 2600, 2700)
                                  .span(Kind::synchronization, 1, 11));
  EXPECT_NEAR(ns(table.devices[0].busy), 1600, 1e-6);
  EXPECT_NEAR(ns(table.devices[0].kernels), 1400, 1e-6);
  EXPECT_NEAR(ns(table.rows[0].gap), 100, 1e-6);
  EXPECT_EQ(table.rows[0].streams, 2);
  EXPECT_EQ(table.copies[0].count, 1);
  EXPECT_EQ(table.copies[0].bytes, Bytes(64));
  EXPECT_EQ(table.synchronizations, 1);
  EXPECT_EQ(table.records, 5);
  EXPECT_EQ(table.launches, 3);
}

TEST(Tally, RecordsOutOfOrderMakeNoGaps) {
  const auto table = table_of(
      Stream().name(1, "a").kernel(1, 3000, 4000).kernel(1, 1000, 2000).kernel(1, 2000, 3000));
  EXPECT_EQ(table.rows[0].gaps, 0);
  EXPECT_NEAR(ns(table.devices[0].busy), 3000, 1e-6);
}

TEST(Tally, OneDeviceOfTwoProcessesIsOne) {
  Tally tally;
  tally.take(0, 1, 0, Stream().device(0, 5).name(1, "a").kernel(1, 10, 20).slots);
  tally.take(1, 2, 0, Stream().device(3, 5).name(9, "a").kernel(9, 30, 50, 1, 3).slots);
  tally.take(2, 3, 0, Stream().device(0, 6).name(1, "a").kernel(1, 30, 50).slots);
  const auto table = tally.result();
  EXPECT_EQ(table.devices.size(), 2U);
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].launches, 2);
  EXPECT_NEAR(ns(table.rows[0].total), 30, 1e-6);
  EXPECT_NEAR(ns(table.devices[0].busy), 30, 1e-6);
}

TEST(Tally, BeyondItsRowsItSumsTheRest) {
  Tally tally(nullptr, 3);
  Stream stream;
  for (std::uint32_t i = 1; i <= 10; ++i)
    stream.name(i, std::string("k") + std::to_string(i)).kernel(i, i * 100, i * 100 + 10);
  tally.take(0, 1, 0, stream.slots);
  const auto table = tally.result();
  EXPECT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rest.launches, 7);
  EXPECT_NEAR(ns(table.rest.total), 70, 1e-6);
  EXPECT_EQ(table.launches, 10);
}

TEST(Tally, BurstsScaleAndHaveAnError) {
  // Four bursts of 100 ns in 1000 ns; the kernel takes 10, 20, 30 and 20 ns of them.
  Stream stream;
  stream.name(1, "a");
  std::uint64_t at = 1000;
  for (const std::uint64_t busy : {10U, 20U, 30U, 20U}) {
    stream.span(Kind::burst, at, 0).kernel(1, at + 5, at + 5 + busy);
    stream.span(Kind::burst, at, at + 100);
    at += 300;
  }
  Tally tally;
  tally.take(0, 1, 0, stream.slots);
  tally.close(0, 2000);
  const auto table = tally.result();
  EXPECT_DOUBLE_EQ(table.scale, 2.5);
  EXPECT_EQ(table.bursts, 4);
  EXPECT_EQ(table.rows[0].gaps, 0) << "a pause is no gap";
  ASSERT_TRUE(table.rows[0].total_error);
  // By hand: variance of {10, 20, 30, 20} = 66.67; 2.5 x sqrt(4 x 66.67 x (1 - 1/2.5)).
  EXPECT_NEAR(ns(*table.rows[0].total_error), 31.62, 0.01);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// A job of hours: as many bursts and launches as one likes, and no more memory than after the
// first.
TEST(Tally, HoursTakeNoMoreMemory) {
  Tally tally;
  Stream names;
  names.device(0, 1);
  for (std::uint32_t i = 1; i <= 20; ++i) names.name(i, std::string("kernel") + std::to_string(i));
  tally.take(0, 1, 0, names.slots);
  std::uint64_t at = 1000;
  std::uint32_t launch = 0;
  const auto an_hour = [&] {
    for (int burst = 0; burst < 36'000; ++burst) {  // one each 0.1 s
      Stream stream;
      stream.span(Kind::burst, at, 0);
      for (std::uint32_t i = 0; i < 5; ++i, launch += 3)
        stream.kernel(launch % 20 + 1, at + i * 1000, at + i * 1000 + 500);
      stream.span(Kind::burst, at, at + 5'000'000);
      tally.take(0, 1, 0, stream.slots);
      at += 100'000'000;
    }
    return mallinfo2().uordblks;
  };
  const std::size_t after_one = an_hour();
  an_hour();
  EXPECT_LE(an_hour(), after_one + 4096);
  tally.close(0, at);
  EXPECT_EQ(tally.result().bursts, 108'000);
}
#endif

RC_GTEST_PROP(Tally, NonsenseDoesNoHarm, (std::vector<std::vector<std::uint8_t>> raw)) {
  std::vector<Slot> slots;
  for (const auto& bytes : raw) {
    Slot slot{};
    for (std::size_t i = 0; i < std::min(bytes.size(), slot.size()); ++i)
      slot[i] = static_cast<std::byte>(i == 0 ? bytes[i] % 8 : bytes[i]);
    slots.push_back(slot);
  }
  Tally tally;
  tally.take(0, 1, 0, slots);
  tally.close(0, 3);
  const auto table = tally.result();
  RC_ASSERT(table.launches <= static_cast<std::int64_t>(slots.size()));
}

// Whatever the order and overlap: busy time is within the span, and busy plus all gaps make it up.
RC_GTEST_PROP(Tally, BusyAndGapsMakeUpTheSpan, ()) {
  Stream stream;
  stream.name(1, "a");
  const auto count = *rc::gen::inRange(1, 200);
  for (int i = 0; i < count; ++i) {
    const auto start = *rc::gen::inRange<std::uint64_t>(1, 10'000);
    stream.kernel(1, start, start + *rc::gen::inRange<std::uint64_t>(0, 100));
  }
  const auto table = table_of(stream);
  RC_ASSERT(std::abs(ns(table.devices[0].busy) + ns(table.rows[0].gap) -
                     ns(table.devices[0].span)) < 1e-3);
}

}  // namespace
}  // namespace assay::probe::trace

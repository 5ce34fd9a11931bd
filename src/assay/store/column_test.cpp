// SPDX-License-Identifier: Apache-2.0
#include "assay/store/column.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

namespace assay::store {
namespace {

using metric::Unit;
using sample::Reading;
using sample::Reason;
using sample::Source;
using sample::State;
using Readings = std::vector<Reading<double>>;

// As the reader of a chunk sees it: the track's windows included.
Readings round_trip(const Readings& readings, Unit unit, std::size_t* size = nullptr) {
  IntegerCodec codec;
  WindowTracks tracks(std::vector<double>(readings.size(), 1.0));
  ByteWriter out;
  encode_column(readings, precision_of(unit), tracks, codec, out);
  if (size != nullptr) *size = out.view().size();
  ByteWriter track_bytes;
  const std::vector<std::int64_t> at_ns(readings.size(), 1'000);
  tracks.encode(at_ns, codec, track_bytes);
  WindowTracks read_tracks;
  ByteReader track_in(track_bytes.view());
  EXPECT_TRUE(read_tracks.decode(at_ns, track_in, codec));
  ByteReader in(out.view());
  Column column;
  EXPECT_TRUE(decode_column(in, codec, column));
  EXPECT_EQ(in.remaining(), 0U);
  Readings back;
  for (std::size_t i = 0; i < column.count; ++i) {
    const auto& run = column.run_of(i);
    std::optional<double> raw;
    if (run.has_value) raw = column.numbers[run.value_begin + i - run.begin];
    back.push_back(Reading<double>::restored(
        raw, static_cast<State>(run.state), static_cast<Reason>(run.reason),
        static_cast<Source>(run.source), Seconds(read_tracks.resolve(run.window, i))));
  }
  return back;
}

double stored(double value, Unit unit, double beside = 0.123456789) {
  const auto reading = [](double v) { return Reading<double>::measured(v, Source::gpm); };
  return *round_trip({reading(value), reading(beside)}, unit)[0].raw();
}

TEST(Column, TheOneThreadTruthSurvives) {
  EXPECT_NEAR(stored(1.0 / 132, Unit::ratio), 1.0 / 132, 1.9e-6);
  EXPECT_NEAR(stored(1.0 / (132 * 64), Unit::ratio), 1.0 / (132 * 64), 5e-8);
  EXPECT_EQ(stored(1.0, Unit::ratio), 1.0);
  EXPECT_EQ(stored(0.9999, Unit::ratio), 0.9999);
  EXPECT_EQ(stored(0.99999, Unit::ratio), 1.0)
      << "rounding went over 100 %, which is no sound value";
  EXPECT_EQ(stored(0.0, Unit::ratio), 0.0);
  EXPECT_EQ(stored(0.85, Unit::ratio), 0.85);
}

TEST(Column, KeepsTheStatedPrecision) {
  EXPECT_TRUE(rc::check([] {
    const double ratio = *rc::gen::inRange(0, 1'000'000'000) / 1e9;
    RC_ASSERT(std::fabs(stored(ratio, Unit::ratio) - ratio) <=
              std::min(5.12e-5, 2.442e-4 * ratio) + 5.01e-8);
    const double watts = *rc::gen::inRange(0, 2'000'000'000) / 1e6;
    RC_ASSERT(std::fabs(stored(watts, Unit::watts) - watts) <= watts * 2.442e-4 + 5.001e-4);
    const auto rate = static_cast<double>(*rc::gen::inRange<std::int64_t>(0, 900'000'000'000));
    RC_ASSERT(std::fabs(stored(rate, Unit::bytes_per_second) - rate) <= rate * 4.883e-4 + 0.5);
    const double clock = *rc::gen::inRange(0, 5000) * 1e6;
    RC_ASSERT(stored(clock, Unit::hertz, 1.98e9) == clock);
    const auto bytes = static_cast<double>(*rc::gen::inRange<std::int64_t>(0, 1LL << 50));
    RC_ASSERT(stored(bytes, Unit::bytes, 1e9) == bytes);
  }));
}

TEST(Column, StoringWhatWasStoredChangesNothing) {
  EXPECT_TRUE(rc::check([] {
    const double once = stored(*rc::gen::inRange(0, 1'000'000'000) / 1e9, Unit::ratio);
    RC_ASSERT(stored(once, Unit::ratio) == once);
  }));
}

TEST(Column, ValuesNoScaleHoldsAreKeptBitByBit) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  for (const double value : {1e300, -kInf, kInf, 5e-324, 1.0 / 3, -0.0, 9007199254740993.5}) {
    const double back = stored(value, Unit::count);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(value)) << value;
  }
  EXPECT_TRUE(std::isnan(stored(std::nan(""), Unit::watts)));
}

TEST(Column, StateReasonSourceAndWindowAreExact) {
  EXPECT_TRUE(rc::check([] {
    Readings readings;
    for (int n = *rc::gen::inRange(1, 60); n > 0; --n) {
      const auto code = [](int limit) { return *rc::gen::inRange(0, limit); };
      std::optional<double> raw;
      if (code(3) > 0) raw = code(1000);
      const double window = code(2) == 0 ? code(2) : 1e-9 * code(2'000'000'000);
      readings.push_back(Reading<double>::restored(raw, static_cast<State>(code(6)),
                                                   static_cast<Reason>(code(sample::kReasonCount)),
                                                   static_cast<Source>(code(9)), Seconds(window)));
    }
    RC_ASSERT(round_trip(readings, Unit::count) == readings);
  }));
}

TEST(Column, WhatStaysTheSameCostsNothing) {
  std::size_t size = 0;
  round_trip(Readings(1024, Reading<double>::unknown(Reason::no_gpm, Source::gpm)), Unit::ratio,
             &size);
  EXPECT_LE(size, 12U);
  round_trip(Readings(1024, Reading<double>::measured(7e11, Source::nvml, Seconds(1))), Unit::bytes,
             &size);
  EXPECT_LE(size, 24U);
}

TEST(Column, MetricsShareTheTrackOfTheirWindows) {
  Readings readings;
  for (int i = 0; i < 512; ++i)
    readings.push_back(
        Reading<double>::measured(0.5, Source::gpm, Seconds(1.0 + 1e-9 * ((i * 7919) % 5000))));
  IntegerCodec codec;
  WindowTracks tracks(std::vector<double>(readings.size(), 1.0));
  for (int metric = 0; metric < 10; ++metric) {
    ByteWriter out;
    encode_column(readings, precision_of(Unit::ratio), tracks, codec, out);
    EXPECT_LE(out.view().size(), 24U);
  }
}

TEST(Column, MalformedRunsAreRefused) {
  IntegerCodec codec;
  Column column;
  const auto decodes = [&](std::initializer_list<int> bytes) {
    Blob blob;
    for (const int byte : bytes) blob.push_back(static_cast<std::uint8_t>(byte));
    ByteReader in(blob);
    return decode_column(in, codec, column);
  };
  EXPECT_TRUE(decodes({4, 1, 4, 0, 3, 1, 0}));                  // four unknown readings
  EXPECT_FALSE(decodes({4, 1, 3, 0, 3, 1, 0}));                 // a run too short
  EXPECT_FALSE(decodes({4, 2, 4, 0, 3, 1, 0, 0, 0, 3, 1, 0}));  // an empty run
  EXPECT_FALSE(decodes({4, 1, 5, 0, 3, 1, 0}));                 // a run too long
  EXPECT_FALSE(decodes({4, 1, 4, 6, 3, 1, 0}));                 // a window of no kind
  EXPECT_FALSE(decodes({0xff, 0xff, 0xff, 0xff, 0x7f, 1}));     // more than kMaxCount
}

}  // namespace
}  // namespace assay::store

// SPDX-License-Identifier: Apache-2.0
#include "assay/store/integer_codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <random>

#include "assay/store/crc32.hpp"

namespace assay::store {
namespace {

using Integers = std::vector<std::int64_t>;

Blob encode(const Integers& values) {
  IntegerCodec codec;
  ByteWriter out;
  codec.encode(values, out);
  return out.take();
}

bool round_trips(const Integers& values) {
  const Blob bytes = encode(values);
  IntegerCodec codec;
  ByteReader in(bytes);
  Integers back;
  return codec.decode(in, values.size(), back) && in.remaining() == 0 && back == values;
}

TEST(IntegerCodec, AnyIntegersRoundTrip) {
  EXPECT_TRUE(rc::check([](const Integers& values) { RC_ASSERT(round_trips(values)); }));
  EXPECT_TRUE(rc::check([] {
    const auto any = rc::gen::arbitrary<std::int64_t>();
    RC_ASSERT(round_trips(*rc::gen::container<Integers>(700, any)));
  }));
}

TEST(IntegerCodec, ExtremesRoundTrip) {
  constexpr std::int64_t kLow = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kHigh = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(round_trips({}));
  EXPECT_TRUE(round_trips({kLow}));
  EXPECT_TRUE(round_trips({kLow, kHigh, kLow, kHigh, 0, kHigh, kHigh, kLow}));
  EXPECT_TRUE(round_trips({kHigh, kHigh, kHigh}));
}

TEST(IntegerCodec, RegularSequencesCostNextToNothing) {
  Integers constant(1000, 1'980'000'000);
  EXPECT_LE(encode(constant).size(), 8U);
  Integers steps;
  for (std::int64_t i = 0; i < 1000; ++i)
    steps.push_back(1'763'800'000'000'000'000 + i * 1'000'000);
  EXPECT_LE(encode(steps).size(), 20U);
  Integers clocks;  // multiples of 15 MHz: the common divisor makes one byte of them
  for (std::int64_t i = 0; i < 1000; ++i) clocks.push_back((90 + (i * i) % 40) * 15'000'000);
  EXPECT_LE(encode(clocks).size(), 1020U);
}

TEST(IntegerCodec, NoiseCostsItsEntropy) {
  // Entropies from the distributions: log2(148 x sqrt(2 pi e)), log2(700).
  std::mt19937 random(20261122);
  Integers bell;
  Integers flat;
  for (int i = 0; i < 1200; ++i) {
    std::int64_t sum = 0;
    for (int k = 0; k < 4; ++k) sum += static_cast<std::int64_t>(random() % 256);
    bell.push_back(sum);  // standard deviation 148: 9.26 bits
    flat.push_back(static_cast<std::int64_t>(random() % 700));
  }
  EXPECT_TRUE(round_trips(bell));
  EXPECT_TRUE(round_trips(flat));
  EXPECT_LT(encode(bell).size(), 1200 * 9.26 / 8 * 1.03);
  EXPECT_LT(encode(flat).size(), 1200 * 9.46 / 8 * 1.03);
}

TEST(IntegerCodec, TruncationIsRefused) {
  Integers values;
  for (std::int64_t i = 0; i < 300; ++i) values.push_back((i * 7919) % 70'000);
  const Blob bytes = encode(values);
  IntegerCodec codec;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in(BlobView(bytes).first(size));
    Integers back;
    EXPECT_FALSE(codec.decode(in, values.size(), back)) << size;
  }
}

TEST(Crc32, MatchesThePublishedCheckValue) {
  const std::string_view text = "123456789";  // the check string of the CRC catalogue
  const BlobView bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  EXPECT_EQ(crc32(0, bytes), 0xCBF43926U);
  EXPECT_EQ(crc32(crc32(0, bytes.first(3)), bytes.subspan(3)), 0xCBF43926U);
}

TEST(Bytes, VarintsRoundTripAndPastTheEndIsRemembered) {
  EXPECT_TRUE(rc::check([](std::uint64_t u, std::int64_t s, double d, const std::string& text) {
    ByteWriter out;
    out.varint(u);
    out.svarint(s);
    out.f64(d);
    out.text(text);
    ByteReader in(out.view());
    RC_ASSERT(in.varint() == u);
    RC_ASSERT(in.svarint() == s);
    RC_ASSERT(std::bit_cast<std::uint64_t>(in.f64()) == std::bit_cast<std::uint64_t>(d));
    RC_ASSERT(in.text() == text);
    RC_ASSERT(in.ok());
    in.u8();
    RC_ASSERT(!in.ok());
  }));
}

}  // namespace
}  // namespace assay::store

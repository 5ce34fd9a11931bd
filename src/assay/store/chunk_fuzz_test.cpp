// SPDX-License-Identifier: Apache-2.0
#include "assay/store/chunk_fuzz.hpp"

#include <gtest/gtest.h>

#include <random>

#include "assay/store/fixture_for_tests.hpp"

namespace assay::store {
namespace {

// Sound inputs of every kind, to be broken.
std::vector<Blob> seeds(IntegerCodec& codec) {
  const Vocabulary vocabulary = Vocabulary::current();
  std::vector<Blob> rows;
  const std::vector<std::uint32_t> ids = {0, 1};
  for (std::int64_t i = 0; i < 40; ++i)
    rows.push_back(encode_window(fixture::snapshot(i), ids, vocabulary));
  std::vector<Blob> result;
  const auto add = [&](std::uint8_t kind, const Blob& data) {
    Blob seed{kind};
    seed.insert(seed.end(), data.begin(), data.end());
    result.push_back(std::move(seed));
  };
  add(4, rows[1]);
  for (const Chunk& chunk : build_segment(rows, vocabulary, codec)) {
    if (chunk.stream == kWindowsStream) add(1, chunk.data);
    else if (chunk.stream == kDeviceStream) add(2, chunk.data);
    else if (chunk.stream == kProcessStream) add(3, chunk.data);
    else add(0, chunk.data);
  }
  return result;
}

void mutate(Blob& input, std::mt19937& random) {
  for (std::uint32_t n = 1 + random() % 4; n > 0 && !input.empty(); --n) {
    const std::size_t at = random() % input.size();
    switch (random() % 4) {
      case 0: input[at] ^= static_cast<std::uint8_t>(1U << random() % 8); break;
      case 1: input[at] = static_cast<std::uint8_t>(random()); break;
      case 2: input.resize(at); break;
      default:
        input.insert(input.begin() + static_cast<std::ptrdiff_t>(at),
                     static_cast<std::uint8_t>(random()));
    }
  }
}

TEST(ChunkFuzz, NoBytesCrashADecoder) {
  IntegerCodec codec;
  const std::vector<Blob> sound = seeds(codec);
  for (const Blob& seed : sound) decode_anything(seed, codec);
  std::mt19937 random(7);
  for (int i = 0; i < 120'000; ++i) {
    Blob input = sound[random() % sound.size()];
    if (random() % 16 == 0) {
      input.resize(random() % 64);
      for (auto& byte : input) byte = static_cast<std::uint8_t>(random());
    }
    mutate(input, random);
    decode_anything(input, codec);
  }
}

}  // namespace
}  // namespace assay::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "assay/store/bytes.hpp"

namespace assay::store {

// The longest sequence that a chunk may hold. A damaged length can make a reader allocate no more.
inline constexpr std::size_t kMaxCount = 65536;

// Sequences of 64-bit integers in few bytes: differences of order 0, 1 or 2, less their minimum,
// over their common divisor, split into byte planes, each plane a constant, raw, or a zstd frame.
// All arithmetic is modulo 2^64, so that any integers go, the bit patterns of doubles among them.
// Byte layout: docs/recording-format.md, "Integer sequence".
// Holds the zstd contexts and scratch memory: one for each thread.
class IntegerCodec {
 public:
  IntegerCodec();
  ~IntegerCodec();
  IntegerCodec(IntegerCodec&&) noexcept;
  IntegerCodec& operator=(IntegerCodec&&) noexcept;

  // At most kMaxCount values. Their number is not written: the caller knows it.
  void encode(std::span<const std::int64_t> values, ByteWriter& out);

  // Replaces `values` by `count` <= kMaxCount integers. False if the bytes are not such a sequence;
  // `values` then holds anything.
  bool decode(ByteReader& in, std::size_t count, std::vector<std::int64_t>& values);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "assay/store/bytes.hpp"

namespace assay::store {

// Numbers of `bits` bits each, one after another, the least significant bit of a byte first.
inline constexpr std::size_t kMaxPackedBits = 32;

constexpr std::size_t packed_size(std::size_t count, std::size_t bits) {
  return (count * bits + 7) / 8;
}

// Appends the lowest `bits` (1..kMaxPackedBits) bits of each value.
inline void pack_bits(std::span<const std::uint64_t> values, std::size_t bits, ByteWriter& out) {
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  std::uint64_t pending = 0;
  std::size_t held = 0;
  for (const std::uint64_t value : values) {
    pending |= (value & mask) << held;
    for (held += bits; held >= 8; held -= 8, pending >>= 8)
      out.u8(static_cast<std::uint8_t>(pending));
  }
  if (held > 0) out.u8(static_cast<std::uint8_t>(pending));
}

// Number i of what pack_bits wrote; 8 more bytes, of any content, must be readable after them.
inline std::uint64_t packed_at(const std::uint8_t* data, std::size_t i, std::size_t bits) {
  const std::size_t at = i * bits;
  std::uint64_t word = 0;
  std::memcpy(&word, data + at / 8, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word >> (at % 8) & ((std::uint64_t{1} << bits) - 1);
}

}  // namespace assay::store

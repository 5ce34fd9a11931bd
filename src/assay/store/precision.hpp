// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "assay/metric/metric.hpp"
#include "assay/store/bytes.hpp"
#include "assay/store/integer_codec.hpp"

namespace assay::store {

// To what precision a unit's values are kept: as integers of 10^-digits, of which the leading
// significant_bits bits are kept (0 = all), but never fewer than down to max_step (a power of two;
// 0 = no such bound). The bits of noise that a counter brings are most of a recording's size. An
// exact precision takes no value that it would change.
struct Precision {
  int digits = 0;
  int significant_bits = 0;
  std::int64_t max_step = 0;
  bool exact = false;
};

// ratio             error at most 5.2e-5 of full scale and 2.5e-4 of the value (or 5e-8); whole
//                   hundredths of a per cent exactly, and nothing rounded over 1
// bytes_per_second  error at most 4.9e-4 of the value (or 0.5 B/s)
// watts             error at most 2.5e-4 of the value (or 0.5 mW)
// celsius           to 0.001 K
// joules            to 0.1 J: drivers' counters move in steps of joules
// bytes, count      exactly                  hertz     to 1 Hz
Precision precision_of(metric::Unit unit);

// Seconds as clocks give them: whole nanoseconds or nothing.
inline constexpr Precision kNanoseconds{9, 0, 0, true};
inline constexpr Precision kMicroseconds{6, 0, 0, false};

// A sequence of doubles as it lies in a file: integers with the rule that makes doubles of them.
struct Numbers {
  // How to make a double: n / 10^digits, n * 10^-digits (both occur in drivers' glue and differ in
  // the last bit), or n is the double's own bit pattern.
  enum class Rule : std::uint8_t { divide = 0, multiply = 1, bits = 2 };

  Rule rule = Rule::divide;
  int digits = 0;
  std::vector<std::int64_t> integers;

  [[nodiscard]] double to_double(std::int64_t integer) const;
  [[nodiscard]] double operator[](std::size_t i) const { return to_double(integers[i]); }
};

Numbers to_numbers(std::span<const double> values, Precision precision);
void write_numbers(const Numbers& numbers, IntegerCodec& codec, ByteWriter& out);

// Both at once. Values that the precision can't hold (huge, NaN, or changed where it must be exact)
// make the whole sequence fall back to bit patterns, which lose nothing.
void encode_numbers(std::span<const double> values, Precision precision, IntegerCodec& codec,
                    ByteWriter& out);

// False if the bytes are not `count` numbers.
bool decode_numbers(ByteReader& in, std::size_t count, IntegerCodec& codec, Numbers& numbers);

}  // namespace assay::store

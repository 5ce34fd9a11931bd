// SPDX-License-Identifier: Apache-2.0
#include "assay/store/precision.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace assay::store {
namespace {

constexpr int kMaxDigits = 9;
constexpr std::array<double, kMaxDigits + 1> kPower = {1,   1e1, 1e2, 1e3, 1e4,
                                                       1e5, 1e6, 1e7, 1e8, 1e9};
constexpr std::array<double, kMaxDigits + 1> kInverse = {1,    1e-1, 1e-2, 1e-3, 1e-4,
                                                         1e-5, 1e-6, 1e-7, 1e-8, 1e-9};
constexpr double kLargest = 4503599627370496.0;  // 2^52: every integer below is a double
constexpr std::int64_t kWhole = 10'000'000;      // a ratio of 1
constexpr std::int64_t kRatioKept = 1000;        // 1e-4 in units of 1e-7: hundredths of a per cent

std::int64_t round_to_step(std::int64_t n, Precision precision) {
  const std::uint64_t magnitude = static_cast<std::uint64_t>(n < 0 ? -n : n);
  const int excess = static_cast<int>(std::bit_width(magnitude)) - precision.significant_bits;
  if (excess <= 0) return n;
  std::uint64_t step = std::uint64_t{1} << excess;
  if (precision.max_step > 0) step = std::min(step, static_cast<std::uint64_t>(precision.max_step));
  const auto rounded = static_cast<std::int64_t>((magnitude + step / 2) / step * step);
  return n < 0 ? -rounded : rounded;
}

std::optional<std::int64_t> to_integer(double value, Precision precision) {
  const double scaled = value * kPower[static_cast<std::size_t>(precision.digits)];
  if (!(std::fabs(scaled) < kLargest)) return std::nullopt;  // NaN and infinities too
  if (value == 0 && std::signbit(value)) return std::nullopt;
  const auto n = static_cast<std::int64_t>(std::llround(scaled));
  if (precision.significant_bits == 0) return n;
  const bool ratio = precision.digits == 7;
  if (ratio && n % kRatioKept == 0 && static_cast<double>(n) / 1e7 == value) return n;
  const std::int64_t rounded = round_to_step(n, precision);
  return ratio && n <= kWhole ? std::min(rounded, kWhole) : rounded;  // never over 100 %
}

bool restores(const Numbers& numbers, std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (numbers[i] != values[i]) return false;
  return true;
}

}  // namespace

Precision precision_of(metric::Unit unit) {
  switch (unit) {
    case metric::Unit::ratio: return {7, 12, 1024, false};
    case metric::Unit::watts: return {3, 12, 0, false};
    case metric::Unit::celsius: return {3, 0, 0, false};
    case metric::Unit::joules: return {1, 0, 0, false};
    case metric::Unit::bytes_per_second: return {0, 11, 0, false};
    case metric::Unit::hertz: return {0, 0, 0, false};
    case metric::Unit::bytes:
    case metric::Unit::count: break;
  }
  return {0, 0, 0, true};
}

double Numbers::to_double(std::int64_t integer) const {
  switch (rule) {
    case Rule::divide:
      return static_cast<double>(integer) / kPower[static_cast<std::size_t>(digits)];
    case Rule::multiply:
      return static_cast<double>(integer) * kInverse[static_cast<std::size_t>(digits)];
    case Rule::bits: break;
  }
  return std::bit_cast<double>(integer);
}

Numbers to_numbers(std::span<const double> values, Precision precision) {
  Numbers numbers;
  numbers.digits = precision.digits;
  numbers.integers.reserve(values.size());
  bool fits = true;
  for (const double value : values) {
    const auto n = to_integer(value, precision);
    if (!(fits = n.has_value())) break;
    numbers.integers.push_back(*n);
  }
  if (fits) {
    if (restores(numbers, values)) return numbers;
    numbers.rule = Numbers::Rule::multiply;
    if (restores(numbers, values)) return numbers;
    numbers.rule = Numbers::Rule::divide;
    if (!precision.exact) return numbers;
  }
  numbers.rule = Numbers::Rule::bits;
  numbers.digits = 0;
  numbers.integers.clear();
  for (const double value : values) numbers.integers.push_back(std::bit_cast<std::int64_t>(value));
  return numbers;
}

void write_numbers(const Numbers& numbers, IntegerCodec& codec, ByteWriter& out) {
  out.u8(static_cast<std::uint8_t>(static_cast<int>(numbers.rule) << 4 | numbers.digits));
  codec.encode(numbers.integers, out);
}

void encode_numbers(std::span<const double> values, Precision precision, IntegerCodec& codec,
                    ByteWriter& out) {
  write_numbers(to_numbers(values, precision), codec, out);
}

bool decode_numbers(ByteReader& in, std::size_t count, IntegerCodec& codec, Numbers& numbers) {
  const std::uint8_t head = in.u8();
  const int rule = head >> 4;
  numbers.digits = head & 15;
  if (!in.ok() || rule > 2 || numbers.digits > kMaxDigits) return false;
  numbers.rule = static_cast<Numbers::Rule>(rule);
  return codec.decode(in, count, numbers.integers);
}

}  // namespace assay::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::store {

using Blob = std::vector<std::uint8_t>;
using BlobView = std::span<const std::uint8_t>;

// Appends the primitives of docs/recording-format.md to a blob: little-endian fixed widths, LEB128
// varints, zigzag for signed ones, texts with their length in front.
class ByteWriter {
 public:
  void u8(std::uint8_t value) { out_.push_back(value); }
  void u64(std::uint64_t value) {
    std::array<std::uint8_t, 8> le{};
    for (std::size_t i = 0; i < 8; ++i) le[i] = static_cast<std::uint8_t>(value >> (8 * i));
    bytes(le);
  }
  void f64(double value) { u64(std::bit_cast<std::uint64_t>(value)); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) u8(static_cast<std::uint8_t>(value | 0x80));
    u8(static_cast<std::uint8_t>(value));
  }
  void svarint(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    varint((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void bytes(BlobView data) { out_.insert(out_.end(), data.begin(), data.end()); }
  void sized(BlobView data) {
    varint(data.size());
    bytes(data);
  }
  void text(std::string_view value) {
    varint(value.size());
    out_.insert(out_.end(), value.begin(), value.end());
  }
  void reserve(std::size_t size) { out_.reserve(size); }
  [[nodiscard]] const Blob& view() const { return out_; }
  Blob take() { return std::move(out_); }

 private:
  Blob out_;
};

// Reads them back from bytes that nobody vouches for: past the end or on a malformed number it
// returns zeros and ok() stays false for good, so that a decoder may check once at its end.
class ByteReader {
 public:
  explicit ByteReader(BlobView data) : data_(data) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t remaining() const { return data_.size(); }
  void fail() {
    ok_ = false;
    data_ = {};
  }

  std::uint8_t u8() {
    const BlobView one = bytes(1);
    return one.empty() ? std::uint8_t{0} : one[0];
  }
  std::uint64_t u64() {
    const BlobView eight = bytes(8);
    std::uint64_t value = 0;
    for (std::size_t i = eight.size(); i-- > 0;) value = value << 8 | eight[i];
    return value;
  }
  double f64() { return std::bit_cast<double>(u64()); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    fail();
    return 0;
  }
  std::int64_t svarint() {
    const std::uint64_t bits = varint();
    return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
  }
  // A varint that counts things and must not exceed `limit`.
  std::size_t count(std::size_t limit) {
    const std::uint64_t value = varint();
    if (value <= limit) return static_cast<std::size_t>(value);
    fail();
    return 0;
  }
  // A view into the input; empty on failure.
  BlobView bytes(std::size_t size) {
    if (size > data_.size()) {
      fail();
      return {};
    }
    const BlobView head = data_.first(size);
    data_ = data_.subspan(size);
    return head;
  }
  BlobView sized() { return bytes(count(data_.size())); }
  std::string text() {
    const BlobView raw = sized();
    return {raw.begin(), raw.end()};
  }

 private:
  BlobView data_;
  bool ok_ = true;
};

}  // namespace assay::store

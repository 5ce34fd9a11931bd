// SPDX-License-Identifier: Apache-2.0
#include "assay/store/row.hpp"

#include <bit>

#include "assay/store/crc32.hpp"

namespace assay::store {
namespace {

BlobView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Checksum {
  std::uint32_t crc = 0;

  void number(std::uint64_t value) {
    std::array<std::uint8_t, 8> le{};
    for (std::size_t i = 0; i < 8; ++i) le[i] = static_cast<std::uint8_t>(value >> (8 * i));
    crc = crc32(crc, le);
  }
  void sized(char tag, BlobView data) {
    crc = crc32(crc, as_bytes({&tag, 1}));
    number(data.size());
    crc = crc32(crc, data);
  }
  void operator()(std::monostate) { crc = crc32(crc, as_bytes("n")); }
  void operator()(std::int64_t value) {
    crc = crc32(crc, as_bytes("i"));
    number(static_cast<std::uint64_t>(value));
  }
  void operator()(double value) {
    crc = crc32(crc, as_bytes("r"));
    number(std::bit_cast<std::uint64_t>(value));
  }
  void operator()(std::string_view value) { sized('t', as_bytes(value)); }
  void operator()(BlobView value) { sized('b', value); }
};

}  // namespace

std::int64_t row_checksum(const Table& table, std::int64_t id, std::span<const Cell> cells) {
  Checksum checksum;
  checksum(table.name);
  checksum(id);
  for (const Cell& cell : cells) std::visit(checksum, cell);
  return static_cast<std::int32_t>(checksum.crc);
}

}  // namespace assay::store

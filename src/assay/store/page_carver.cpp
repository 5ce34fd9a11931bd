// SPDX-License-Identifier: Apache-2.0
// Layout of pages, cells and records: https://www.sqlite.org/fileformat2.html, sections 1.6 and 2.
#include "assay/store/page_carver.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "assay/store/schema.hpp"
#include "assay/store/vocabulary.hpp"

namespace assay::store {
namespace {

constexpr std::size_t kFileHeader = 100;  // in front of page 1's own header
constexpr std::uint8_t kTableLeaf = 13;
constexpr std::size_t kLeafHeader = 8;
constexpr std::uint64_t kMaxPayload = 64U << 20;

class PageFile {
 public:
  explicit PageFile(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat info{};
    if (fd_ >= 0 && ::fstat(fd_, &info) == 0)
      pages_ = (static_cast<std::uint64_t>(info.st_size) + kPageSize - 1) / kPageSize;
  }
  ~PageFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  PageFile(const PageFile&) = delete;
  PageFile& operator=(const PageFile&) = delete;

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] std::uint64_t pages() const { return pages_; }

  // Pages count from 1, as SQLite's do. What a cut-off last page lacks reads as zeros.
  bool read(std::uint64_t number, Blob& page) const {
    if (number < 1 || number > pages_) return false;
    page.assign(kPageSize, 0);
    const auto at = static_cast<off_t>((number - 1) * kPageSize);
    return ::pread(fd_, page.data(), kPageSize, at) > 0;
  }

 private:
  int fd_;
  std::uint64_t pages_ = 0;
};

// SQLite's varint: up to nine bytes, most significant first, the ninth whole.
std::uint64_t read_varint(ByteReader& in) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) {
    const std::uint8_t byte = in.u8();
    value = value << 7 | (byte & 0x7f);
    if ((byte & 0x80) == 0) return value;
  }
  return value << 8 | in.u8();
}

std::uint64_t read_big_endian(BlobView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

// How much of a payload lies in the leaf itself.
std::size_t local_size(std::uint64_t payload) {
  constexpr std::uint64_t kUsable = kPageSize;
  constexpr std::uint64_t kMost = kUsable - 35;
  constexpr std::uint64_t kLeast = (kUsable - 12) * 32 / 255 - 23;
  if (payload <= kMost) return static_cast<std::size_t>(payload);
  const std::uint64_t wanted = kLeast + (payload - kLeast) % (kUsable - 4);
  return static_cast<std::size_t>(wanted <= kMost ? wanted : kLeast);
}

bool read_overflow(const PageFile& file, std::uint64_t next, std::uint64_t size, Blob& payload) {
  Blob page;
  while (payload.size() < size) {
    if (!file.read(next, page)) return false;
    next = read_big_endian(BlobView(page).first(4));
    const std::size_t part =
        std::min<std::size_t>(kPageSize - 4, static_cast<std::size_t>(size) - payload.size());
    payload.insert(payload.end(), page.begin() + 4,
                   page.begin() + 4 + static_cast<std::ptrdiff_t>(part));
  }
  return true;
}

std::optional<Cell> read_cell(std::uint64_t type, ByteReader& body) {
  constexpr std::array<std::size_t, 7> kIntegerBytes = {0, 1, 2, 3, 4, 6, 8};
  if (type == 0) return Cell(std::monostate{});
  if (type == 8 || type == 9) return Cell(static_cast<std::int64_t>(type - 8));
  if (type == 10 || type == 11) return std::nullopt;
  if (type == 7) return Cell(std::bit_cast<double>(read_big_endian(body.bytes(8))));
  if (type < 7) {
    const std::size_t size = kIntegerBytes[type];
    const unsigned shift = static_cast<unsigned>(64 - 8 * size);
    const std::uint64_t raw = read_big_endian(body.bytes(size)) << shift;
    return Cell(static_cast<std::int64_t>(raw) >> shift);
  }
  const BlobView data = body.bytes(static_cast<std::size_t>((type - 12) / 2));
  if (type % 2 == 0) return Cell(data);
  return Cell(std::string_view(reinterpret_cast<const char*>(data.data()), data.size()));
}

// Cells of a record; the first is the id's place holder, the second the checksum.
std::optional<std::vector<Cell>> read_record(BlobView payload) {
  ByteReader whole(payload);
  const std::uint64_t header_size = read_varint(whole);
  const std::size_t varint_size = payload.size() - whole.remaining();
  if (!whole.ok() || header_size < varint_size || header_size > payload.size()) return std::nullopt;
  const auto split = static_cast<std::size_t>(header_size);
  ByteReader header(payload.subspan(varint_size, split - varint_size));
  ByteReader body(payload.subspan(split));
  std::vector<Cell> cells;
  while (header.remaining() > 0 && cells.size() < 32) {
    auto cell = read_cell(read_varint(header), body);
    if (!cell || !header.ok() || !body.ok()) return std::nullopt;
    cells.push_back(*cell);
  }
  return cells;
}

class Carver {
 public:
  Carver(const PageFile& file, std::vector<RowWriter> writers)
      : file_(file), writers_(std::move(writers)) {}

  Result<std::int64_t> run() {
    Blob page;
    for (std::uint64_t number = 1; number <= file_.pages(); ++number)
      if (file_.read(number, page)) TRY(carve_leaf(page, number == 1 ? kFileHeader : 0));
    return rows_;
  }

 private:
  Status carve_leaf(const Blob& page, std::size_t header) {
    if (page[header] != kTableLeaf) return {};
    const std::uint64_t cells = read_big_endian(BlobView(page).subspan(header + 3, 2));
    for (std::uint64_t i = 0; i < cells; ++i) {
      const std::size_t pointer = header + kLeafHeader + 2 * static_cast<std::size_t>(i);
      if (pointer + 2 > page.size()) return {};
      const std::uint64_t at = read_big_endian(BlobView(page).subspan(pointer, 2));
      if (at < page.size()) TRY(carve_cell(BlobView(page).subspan(static_cast<std::size_t>(at))));
    }
    return {};
  }

  Status carve_cell(BlobView bytes) {
    ByteReader in(bytes);
    const std::uint64_t size = read_varint(in);
    const auto id = static_cast<std::int64_t>(read_varint(in));
    if (size > kMaxPayload || size > file_.pages() * kPageSize) return {};
    const BlobView local = in.bytes(local_size(size));
    Blob payload(local.begin(), local.end());
    if (payload.size() < size && !read_overflow(file_, read_big_endian(in.bytes(4)), size, payload))
      return {};
    if (!in.ok()) return {};
    const auto record = read_record(payload);
    if (!record || record->size() < 2) return {};
    const auto crc = cell_as<std::int64_t>((*record)[1]);
    const auto cells = std::span(*record).subspan(2);
    for (std::size_t i = 0; i < kTables.size() && crc; ++i) {
      if (kTables[i]->column_count != cells.size()) continue;
      if (row_checksum(*kTables[i], id, cells) != *crc) continue;
      TRY(writers_[i].write(id, cells));
      ++rows_;
    }
    return {};
  }

  const PageFile& file_;
  std::vector<RowWriter> writers_;
  std::int64_t rows_ = 0;
};

}  // namespace

Result<Carved> carve_pages(const std::filesystem::path& path, Database& into) {
  const PageFile file(path);
  if (!file.is_open())
    return Error{ErrorCode::io,
                 fmt::format("cannot read '{}': {}", path.string(), std::strerror(errno))};
  TRY(into.execute("BEGIN"));
  TRY(into.execute(table_statements()));
  std::vector<RowWriter> writers;
  for (const Table* table : kTables) {
    TRY_ASSIGN(RowWriter writer, RowWriter::prepare(into, *table));
    writers.push_back(std::move(writer));
  }
  Carver carver(file, std::move(writers));
  TRY_ASSIGN(const std::int64_t rows, carver.run());
  TRY(into.execute("COMMIT"));
  return Carved{static_cast<std::int64_t>(file.pages()), rows};
}

}  // namespace assay::store

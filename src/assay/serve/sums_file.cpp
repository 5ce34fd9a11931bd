// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/sums_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "assay/base/read_file.hpp"
#include "assay/store/bytes.hpp"
#include "assay/store/crc32.hpp"

// The file: records, each a varint length, that many bytes, and their CRC-32 (8 bytes). The first
// holds the format's name, the origin, the names of the values and the devices' uuids; the others a
// time and, for each device and value, count, min, mean, max.
namespace assay::serve {
namespace {

constexpr std::string_view kFormat = "assay.sums/1";
constexpr std::size_t kMostRecord = 16 << 20;

using store::Blob;
using store::BlobView;
using store::ByteReader;
using store::ByteWriter;

std::string record(const Blob& body) {
  ByteWriter out;
  out.sized(body);
  out.u64(store::crc32(0, body));
  return {out.view().begin(), out.view().end()};
}

// The next sound record's body; nothing at the end or where the rest can't be trusted.
std::optional<BlobView> next_record(ByteReader& in) {
  const BlobView body = in.bytes(in.count(kMostRecord));
  const std::uint64_t crc = in.u64();
  if (!in.ok() || crc != store::crc32(0, body)) return std::nullopt;
  return body;
}

void put(float value, ByteWriter& out) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) out.u8(static_cast<std::uint8_t>(bits >> shift));
}

double get(BlobView four) {
  std::uint32_t bits = 0;
  for (std::size_t i = four.size(); i-- > 0;) bits = bits << 8 | four[i];
  return std::bit_cast<float>(bits);
}

constexpr std::size_t kCellSize = 14;  // count 2, min 4, mean 4, max 4

store::Bucket cell_at(BlobView body, std::size_t at) {
  const BlobView cell = body.subspan(at, kCellSize);
  const auto count = static_cast<std::int64_t>(cell[0] | cell[1] << 8);
  return {count, get(cell.subspan(2, 4)), get(cell.subspan(6, 4)), get(cell.subspan(10, 4))};
}

std::string stamp(const sample::Origin& origin) {
  return std::string(sample::to_string(origin.kind)) + ":" + origin.name;
}

struct Place {
  std::size_t offset = 0;  // of the cell within a record's body
  std::size_t cells = 0;
};

std::optional<Place> find_cell(BlobView header, const SumsKey& key) {
  ByteReader in(header);
  if (in.text() != kFormat || in.text() != stamp(*key.origin)) return std::nullopt;
  std::optional<std::size_t> column;
  std::optional<std::size_t> row;
  const std::size_t names = in.count(1000);
  for (std::size_t i = 0; i < names; ++i)
    if (in.text() == kDerivedIds[key.derived]) column = i;
  const std::size_t devices = in.count(1 << 16);
  for (std::size_t i = 0; i < devices; ++i)
    if (in.text() == key.uuid) row = i;
  if (!in.ok() || !row || !column) return std::nullopt;
  return Place{8 + (*row * names + *column) * kCellSize, names * devices};
}

}  // namespace

SumsWriter::SumsWriter(std::string path, const sample::Origin& origin,
                       const std::vector<std::string>& uuids)
    : path_(std::move(path)), sums_(uuids.size()) {
  ByteWriter header;
  header.text(kFormat);
  header.text(stamp(origin));
  header.varint(kDerivedCount);
  for (const std::string_view id : kDerivedIds) header.text(id);
  header.varint(uuids.size());
  for (const std::string& uuid : uuids) header.text(uuid);
  header_ = record(header.view());
}

void SumsWriter::add(std::int64_t at_ns, const std::vector<DerivedValues>& devices) {
  const std::int64_t span = at_ns - at_ns % kSumsStep;
  if (span != span_) flush();
  span_ = span;
  for (std::size_t d = 0; d < sums_.size() && d < devices.size(); ++d)
    for (std::size_t i = 0; i < kDerivedCount; ++i) {
      const double value = devices[d][i];
      if (!std::isnan(value)) join(sums_[d][i], {1, value, value, value});
    }
}

void SumsWriter::flush() {
  if (span_ < 0) return;
  ByteWriter body;
  body.u64(static_cast<std::uint64_t>(span_));
  for (auto& device : sums_)
    for (store::Bucket& bucket : device) {
      body.u8(static_cast<std::uint8_t>(bucket.count));
      body.u8(static_cast<std::uint8_t>(bucket.count >> 8));
      for (const double value : {bucket.min, bucket.mean, bucket.max})
        put(static_cast<float>(value), body);
      bucket = {};
    }
  span_ = -1;
  const std::string text = header_ + record(body.view());
  const int fd = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return;
  if (::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size())) header_.clear();
  ::close(fd);
}

void read_sums(const std::string& path, const SumsKey& key, const Grid& grid, std::int64_t before,
               std::vector<store::Bucket>& buckets) {
  const auto text = read_file(path);
  if (!text) return;
  ByteReader in({reinterpret_cast<const std::uint8_t*>(text->data()), text->size()});
  const auto header = next_record(in);
  const auto place = header ? find_cell(*header, key) : std::optional<Place>();
  if (!place) return;
  while (in.remaining() > 0) {
    const auto body = next_record(in);
    if (!body || body->size() != 8 + place->cells * kCellSize) return;
    const auto at = static_cast<std::int64_t>(ByteReader(*body).u64());
    if (at < before && grid.holds(at)) join(buckets[grid.place(at)], cell_at(*body, place->offset));
  }
}

}  // namespace assay::serve

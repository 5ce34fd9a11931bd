// SPDX-License-Identifier: Apache-2.0
#include "assay/store/file_identity.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "assay/store/bytes.hpp"
#include "assay/store/vocabulary.hpp"

namespace assay::store {
namespace {

// https://www.sqlite.org/fileformat2.html section 1.3
constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::size_t kHeaderSize = 100;
constexpr std::size_t kUserVersionAt = 60;
constexpr std::size_t kApplicationIdAt = 68;
constexpr int kForgivenBits = 2;

std::uint32_t big_endian(BlobView bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

int different_bits(BlobView bytes, std::string_view wanted) {
  int bits = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    bits +=
        std::popcount(static_cast<std::uint8_t>(bytes[i] ^ static_cast<std::uint8_t>(wanted[i])));
  return bits;
}

Error refusal(ErrorCode code, const std::filesystem::path& path, std::string_view why) {
  return {code, fmt::format("cannot open '{}': {}", path.string(), why)};
}

Error from_errno(const std::filesystem::path& path, int error) {
  const ErrorCode code = error == ENOENT   ? ErrorCode::not_found
                         : error == EACCES ? ErrorCode::no_permission
                                           : ErrorCode::io;
  return refusal(code, path, std::strerror(error));
}

Result<Blob> read_header(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return from_errno(path, errno);
  struct stat info{};
  const bool regular = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  Blob header(kHeaderSize);
  const ssize_t size = regular ? ::pread(fd, header.data(), header.size(), 0) : 0;
  const int error = errno;
  ::close(fd);
  if (!regular) return refusal(ErrorCode::io, path, "it is not a regular file");
  if (size < 0) return from_errno(path, error);
  header.resize(static_cast<std::size_t>(size));
  return header;
}

}  // namespace

Status identify(const std::filesystem::path& path) {
  TRY_ASSIGN(const Blob header, read_header(path));
  if (header.empty())
    return refusal(ErrorCode::corrupt, path,
                   "the file is empty; its recording ended before anything was written");
  const std::size_t known = std::min(header.size(), kMagic.size());
  const int magic = different_bits(header, kMagic.substr(0, known));
  if (magic > kForgivenBits)
    return refusal(ErrorCode::corrupt, path, "it is not an assay recording");
  if (header.size() < kHeaderSize)
    return refusal(ErrorCode::corrupt, path,
                   "it is cut off in its first 100 bytes; nothing in it "
                   "can be saved");
  const std::uint32_t application = big_endian(BlobView(header).subspan(kApplicationIdAt, 4));
  if (magic + std::popcount(application ^ static_cast<std::uint32_t>(kApplicationId)) >
      kForgivenBits)
    return refusal(ErrorCode::corrupt, path,
                   "it is an SQLite database of another program, not an assay recording");
  const std::uint32_t version = big_endian(BlobView(header).subspan(kUserVersionAt, 4));
  if (version > kFormatVersion)
    return refusal(ErrorCode::version_refused, path,
                   fmt::format("it has recording format {}, and this assay reads up to {}; update "
                               "assay",
                               version, kFormatVersion));
  return {};
}

}  // namespace assay::store

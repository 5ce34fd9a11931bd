// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/builtin_recording.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "assay_cli_embedded.hpp"

namespace assay::cli {
namespace {

constexpr std::string_view kSuffix = ".assay";

std::string without_suffix(std::string_view path) {
  if (path.ends_with(kSuffix)) path.remove_suffix(kSuffix.size());
  return std::string(path);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// The file's path.
Result<std::string> unpack_to(const std::string& folder, std::string_view bytes) {
  std::string path = folder + "/assay-XXXXXX";
  const int fd = mkstemp(path.data());
  const bool written = fd >= 0 && write_all(fd, bytes);
  const int reason = errno;
  if (fd >= 0) close(fd);
  if (written) return path;
  if (fd >= 0) unlink(path.c_str());
  return Error{ErrorCode::io, fmt::format("can't unpack the built-in recording to {}: {}; set "
                                          "TMPDIR to a folder that can be written",
                                          path, std::strerror(reason))};
}

// SQLite reads files, not memory that it does not own, so the bytes become one for a moment: in
// TMPDIR or /tmp, or where those can't be written in memory or beside them.
Result<std::string> unpack(std::string_view bytes) {
  std::error_code code;
  const std::string named = std::filesystem::temp_directory_path(code).string();
  auto path = unpack_to(code ? "/tmp" : named, bytes);
  for (const char* folder : {"/dev/shm", "/var/tmp"}) {
    if (path) break;
    if (auto other = unpack_to(folder, bytes)) path = std::move(other);
  }
  return path;
}

}  // namespace

std::vector<std::string> builtin_recordings() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_files()) names.push_back(without_suffix(file.path));
  return names;
}

Result<RecordingFile> RecordingFile::locate(const std::string& name) {
  std::error_code code;
  if (std::filesystem::exists(name, code)) return RecordingFile(name, name, false);
  for (const EmbeddedFile& file : embedded_files()) {
    if (without_suffix(file.path) != name) continue;
    TRY_ASSIGN(std::string path, unpack(file.bytes));
    return RecordingFile(std::move(path), std::string(file.path), true);
  }
  return Error{ErrorCode::not_found, fmt::format("there is no recording {}; built in are: {}", name,
                                                 fmt::join(builtin_recordings(), ", "))};
}

RecordingFile::RecordingFile(RecordingFile&& other) noexcept
    : path_(std::move(other.path_)),
      name_(std::move(other.name_)),
      temporary_(std::exchange(other.temporary_, false)) {}

RecordingFile::~RecordingFile() {
  if (temporary_) unlink(path_.c_str());
}

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/roofs_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace assay::lab {
namespace {

// A roofs file is some 500 bytes: anything far larger is not one.
constexpr std::size_t kMaxBytes = 64 * 1024;

class File {
 public:
  File(const std::string& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC, 0644)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

Error os_error(std::string_view step, const std::string& path, int code) {
  const bool denied = code == EACCES || code == EPERM || code == EROFS;
  return {denied ? ErrorCode::no_permission : ErrorCode::io,
          fmt::format("{} {} failed: {}; set XDG_DATA_HOME to a folder of your own", step, path,
                      std::generic_category().message(code))};
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// fchmod: a process with a strict umask must not hide the roofs from the other users.
Status write_file(const std::string& path, std::string_view text) {
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.fd() < 0) return os_error("creating", path, errno);
  if (!write_all(file.fd(), text) || fchmod(file.fd(), 0644) != 0 || fsync(file.fd()) != 0)
    return os_error("writing", path, errno);
  return {};
}

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

Result<std::string> roofs_path(std::string_view xdg_data_home, std::string_view home,
                               std::string_view uuid) {
  const bool plain = !uuid.empty() && std::ranges::all_of(uuid, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-';
  });
  if (!plain)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("\"{}\" is no device UUID, so there is no roofs file for it", uuid)};
  if (xdg_data_home.starts_with('/'))
    return fmt::format("{}/assay/roofs/{}.toml", xdg_data_home, uuid);
  if (home.empty())
    return Error{ErrorCode::not_found,
                 "there is no place for roofs: neither XDG_DATA_HOME nor HOME is set; set one"};
  return fmt::format("{}/.local/share/assay/roofs/{}.toml", home, uuid);
}

Result<std::string> roofs_path(std::string_view uuid) {
  return roofs_path(variable("XDG_DATA_HOME"), variable("HOME"), uuid);
}

Status save_roofs(const std::string& path, const Roofs& roofs) {
  const std::string folder = std::filesystem::path(path).parent_path();
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return os_error("making the folder", folder, failed.value());
  const std::string fresh = fmt::format("{}.{}.new", path, getpid());
  if (const Status written = write_file(fresh, to_text(roofs)); !written) {
    static_cast<void>(unlink(fresh.c_str()));
    return written;
  }
  if (rename(fresh.c_str(), path.c_str()) != 0) {
    const int code = errno;
    static_cast<void>(unlink(fresh.c_str()));
    return os_error("replacing", path, code);
  }
  return {};
}

Result<Roofs> load_roofs(const std::string& path) {
  const File file(path, O_RDONLY);
  if (file.fd() < 0 && errno == ENOENT)
    return Error{
        ErrorCode::not_found,
        fmt::format("no roofs were measured yet: {} does not exist; run `assay lab`", path)};
  if (file.fd() < 0) return os_error("opening", path, errno);
  std::string text(kMaxBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t n = read(file.fd(), text.data() + size, text.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return os_error("reading", path, errno);
    if (n == 0) break;
    size += static_cast<std::size_t>(n);
  }
  if (size > kMaxBytes)
    return Error{ErrorCode::corrupt, path + " is far too large for a roofs file; remove it"};
  text.resize(size);
  auto roofs = parse_roofs(text);
  if (!roofs) return roofs.error().within(path);
  return roofs;
}

}  // namespace assay::lab

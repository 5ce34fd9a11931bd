// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace assay::serve {
namespace {

std::string holder(int fd) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size() - 1, 0);
  return got > 0 ? fmt::format(" (process {})", text.data()) : "";
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder) {
  std::error_code code;
  if (std::filesystem::create_directories(folder, code))
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, code);
  if (code)
    return Error{ErrorCode::io,
                 fmt::format("can't make the store {}: {}; give another with --store", folder,
                             code.message())};
  const std::string path = folder + "/lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return Error{ErrorCode::io, fmt::format("can't write to the store {}: {}; give another with "
                                            "--store",
                                            folder, std::strerror(errno))};
  FolderLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("the store {} is another assay serve's{}; stop that one or give "
                             "another with --store",
                             folder, holder(fd))};
  // Whose it is, for the sentence above; a full disk leaves it unsaid.
  const std::string pid = fmt::format("{}", ::getpid());
  if (::ftruncate(fd, 0) == 0) static_cast<void>(::pwrite(fd, pid.data(), pid.size(), 0) < 0);
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace assay::serve

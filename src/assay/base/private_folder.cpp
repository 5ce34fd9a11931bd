// SPDX-License-Identifier: Apache-2.0
#include "assay/base/private_folder.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <utility>
#include <vector>

namespace assay {
namespace {

namespace fs = std::filesystem;

// The folder's descriptor with its lock, or -1: it is no folder, or somebody holds it.
int locked(const char* path) {
  const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  close(fd);
  return -1;
}

bool is_old_and_ours(const char* path) {
  struct stat facts = {};
  return lstat(path, &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == geteuid() &&
         std::time(nullptr) - facts.st_mtime > PrivateFolder::kYoungSeconds;
}

void remove_orphans(const std::string& parent, const std::string& start) {
  std::error_code code;
  std::vector<std::string> found;
  for (fs::directory_iterator it(parent, code), end; !code && it != end; it.increment(code))
    if (it->path().filename().native().starts_with(start)) found.push_back(it->path());
  for (const std::string& path : found) {
    if (!is_old_and_ours(path.c_str())) continue;
    const int lock = locked(path.c_str());
    if (lock < 0) continue;
    fs::remove_all(path, code);
    close(lock);
  }
}

}  // namespace

Result<PrivateFolder> PrivateFolder::make(const std::string& parent, std::string_view name) {
  const std::string start = std::string(name) + "-";
  remove_orphans(parent, start);
  std::string path = parent + "/" + start + "XXXXXX";
  if (mkdtemp(path.data()) == nullptr) return Error{ErrorCode::io, std::strerror(errno)};
  return PrivateFolder(path, locked(path.c_str()));
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept
    : path_(std::exchange(other.path_, "")), lock_(std::exchange(other.lock_, -1)) {}

PrivateFolder::~PrivateFolder() {
  std::error_code code;
  if (!path_.empty()) fs::remove_all(path_, code);
  if (lock_ >= 0) close(lock_);
}

}  // namespace assay

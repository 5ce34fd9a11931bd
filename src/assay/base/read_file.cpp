// SPDX-License-Identifier: Apache-2.0
#include "assay/base/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace assay {
namespace {

struct Descriptor {
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  int number = -1;
};

Error of_errno(const std::string& what, const std::string& path) {
  const int reason = errno;
  return {reason == ENOENT ? ErrorCode::not_found : ErrorCode::io,
          "can't " + what + " " + path + ": " + std::strerror(reason)};
}

Error refused(const std::string& path, const std::string& why) {
  return {ErrorCode::io, path + " " + why};
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  // O_NONBLOCK: a pipe without a writer is refused, not waited for.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat facts = {};
  if (file.number < 0 || ::fstat(file.number, &facts) != 0) return of_errno("open", path);
  if (S_ISDIR(facts.st_mode)) return refused(path, "is a folder, not a file");
  if (!S_ISREG(facts.st_mode)) return refused(path, "is a device or a pipe, not a file");
  std::string text;
  std::vector<char> part(std::size_t{1} << 16);
  // What the kernel says of the size is not relied on: files of /proc have none.
  for (;;) {
    const ssize_t got = ::read(file.number, part.data(), part.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return of_errno("read", path);
    if (text.size() + static_cast<std::size_t>(got) > most)
      return refused(path,
                     "has more than " + std::to_string(most >> 20) + " MiB, too many to read");
    text.append(part.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace assay

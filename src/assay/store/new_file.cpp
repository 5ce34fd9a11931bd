// SPDX-License-Identifier: Apache-2.0
#include "assay/store/new_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace assay::store {

Status make_empty_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
  if (fd >= 0) {
    ::close(fd);
    return {};
  }
  const int error = errno;
  const std::string shown = path.string();
  if (error == EEXIST)
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("cannot record to '{}': the file exists; remove it or name another", shown)};
  const bool refused = error == EACCES || error == EPERM || error == EROFS;
  return Error{
      refused ? ErrorCode::no_permission : (error == ENOENT ? ErrorCode::not_found : ErrorCode::io),
      fmt::format("cannot record to '{}': {}; name a file in a folder that you may write "
                  "to",
                  shown, std::strerror(error))};
}

}  // namespace assay::store

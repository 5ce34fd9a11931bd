// SPDX-License-Identifier: Apache-2.0
#include "assay/http/private_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace assay::http {

Status check_private(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::io;
    return Error{code, fmt::format("can't look at {}: {}", path, std::strerror(errno))};
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  return Error{
      ErrorCode::no_permission,
      fmt::format("{} holds a secret, but its mode {:03o} lets others at it; run: chmod 600 {}",
                  path, info.st_mode & 0777U, path)};
}

}  // namespace assay::http

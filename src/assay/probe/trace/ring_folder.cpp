// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/ring_folder.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace assay::probe::trace {

Result<RingFolder> RingFolder::make() {
  std::error_code code;
  const std::filesystem::path temporary = std::filesystem::temp_directory_path(code);
  const std::string fallback = code ? "/tmp" : temporary.string();
  int why = 0;
  for (const std::string& base : {std::string("/dev/shm"), fallback}) {
    std::string path = base + "/assay-trace-XXXXXX";
    if (mkdtemp(path.data()) != nullptr) return RingFolder(path);
    why = errno;
  }
  return Error{
      ErrorCode::io,
      fmt::format("can't make a folder for the trace in /dev/shm or {}: {}; set TMPDIR to a "
                  "folder that can be written",
                  fallback, std::strerror(why))};
}

RingFolder::RingFolder(RingFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}

RingFolder::~RingFolder() {
  std::error_code code;
  if (!path_.empty()) std::filesystem::remove_all(path_, code);
}

std::vector<trace_ring::Reader> RingFolder::take_new() {
  std::vector<trace_ring::Reader> rings;
  std::error_code code;
  std::vector<std::string> found;
  for (std::filesystem::directory_iterator it(path_, code), end; !code && it != end;
       it.increment(code))
    if (it->path().native().ends_with(trace_ring::kRingSuffix)) found.push_back(it->path());
  for (const std::string& path : found) {
    if (auto ring = trace_ring::Reader::open(path)) rings.push_back(std::move(*ring));
    ::unlink(path.c_str());
  }
  return rings;
}

}  // namespace assay::probe::trace

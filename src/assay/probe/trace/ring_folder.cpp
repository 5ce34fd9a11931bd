// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/ring_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

namespace assay::probe::trace {

Result<RingFolder> RingFolder::make() {
  std::error_code code;
  const std::filesystem::path temporary = std::filesystem::temp_directory_path(code);
  const std::string fallback = code ? "/tmp" : temporary.string();
  std::string why;
  for (const std::string& base : {std::string("/dev/shm"), fallback}) {
    auto folder = PrivateFolder::make(base, "assay-trace");
    if (folder) return RingFolder(std::move(*folder));
    why = folder.error().message;
  }
  return Error{
      ErrorCode::io,
      fmt::format("can't make a folder for the trace in /dev/shm or {}: {}; set TMPDIR to a "
                  "folder that can be written",
                  fallback, why)};
}

std::vector<std::string> RingFolder::named(std::string_view suffix) const {
  std::error_code code;
  std::vector<std::string> found;
  for (std::filesystem::directory_iterator it(path(), code), end; !code && it != end;
       it.increment(code))
    if (it->path().native().ends_with(suffix)) found.push_back(it->path());
  return found;
}

std::vector<trace_ring::Reader> RingFolder::take_new() {
  std::vector<trace_ring::Reader> rings;
  for (const std::string& path : named(trace_ring::kRingSuffix)) {
    if (auto ring = trace_ring::Reader::open(path)) rings.push_back(std::move(*ring));
    ::unlink(path.c_str());
  }
  return rings;
}

std::vector<sample::TracedProcess> RingFolder::take_refused() {
  std::vector<sample::TracedProcess> refused;
  for (const std::string& path : named(trace_ring::kRefusedSuffix)) {
    std::error_code code;
    const std::string text = std::filesystem::read_symlink(path, code).string();
    ::unlink(path.c_str());
    const std::size_t cut = text.find('/');
    if (cut == std::string::npos) continue;
    const std::string file = path.substr(path.rfind('/') + 1);
    refused.push_back({.pid = std::strtoll(file.c_str(), nullptr, 10),
                       .name = text.substr(0, cut),
                       .cupti = "",
                       .trouble = text.substr(cut + 1)});
  }
  return refused;
}

}  // namespace assay::probe::trace

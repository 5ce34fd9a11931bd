// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/output_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "assay/cli/out.hpp"

namespace assay::cli {

Status check_room(const std::string& path, bool force) {
  std::error_code code;
  if (path.empty() || !std::filesystem::exists(path, code)) return {};
  if (force && std::filesystem::is_regular_file(path, code)) return {};
  return Error{ErrorCode::invalid_argument,
               force ? fmt::format("{} is no file; give another name", path)
                     : fmt::format("{} exists; give another name, or --force", path)};
}

Status check_different(std::string_view option, const std::string& path, std::string_view other,
                       const std::string& other_path) {
  namespace fs = std::filesystem;
  std::error_code code;
  const auto whole = [&](const std::string& name) {
    return fs::weakly_canonical(fs::absolute(name, code), code);
  };
  if (path.empty() || other_path.empty() || whole(path) != whole(other_path)) return {};
  return Error{
      ErrorCode::invalid_argument,
      fmt::format("{} and {} both name {}; give one of them another name", option, other, path)};
}

Result<OutputFile> OutputFile::open(const std::string& path, bool force) {
  if (path.empty()) return OutputFile("", nullptr);
  std::FILE* file = std::fopen(path.c_str(), force ? "we" : "wxe");
  if (file != nullptr) return OutputFile(path, file);
  if (errno == EEXIST)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("{} exists; give another name, or --force", path)};
  return Error{ErrorCode::io, fmt::format("can't write {}: {}", path, std::strerror(errno))};
}

void OutputFile::write(std::string_view text) {
  if (!file_) return put(text);
  failed_ = failed_ || std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size();
}

bool OutputFile::good() const { return file_ ? !failed_ : output_is_open(); }

Status OutputFile::close() {
  if (!file_) return {};
  failed_ = std::fclose(file_.release()) != 0 || failed_;
  if (!failed_) return {};
  return Error{ErrorCode::io, fmt::format("{} is not whole: the disk is full or gone", path_)};
}

}  // namespace assay::cli

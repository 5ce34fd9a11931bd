// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"

namespace assay::cli {

// Recordings that came with the program, by name without ".assay".
std::vector<std::string> builtin_recordings();

// A recording's place on disk while it is being read. One that came with the program is put into
// the temporary folder and removed again.
class RecordingFile {
 public:
  // A path, or the name of a built-in recording; a file of that name in the folder wins.
  static Result<RecordingFile> locate(const std::string& name);
  RecordingFile(RecordingFile&& other) noexcept;
  RecordingFile& operator=(RecordingFile&&) = delete;
  ~RecordingFile();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& name() const { return name_; }  // for people

 private:
  RecordingFile(std::string path, std::string name, bool temporary)
      : path_(std::move(path)), name_(std::move(name)), temporary_(temporary) {}

  std::string path_;
  std::string name_;
  bool temporary_ = false;
};

}  // namespace assay::cli

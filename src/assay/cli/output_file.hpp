// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"

namespace assay::cli {

// Before anything is measured: nothing is overwritten unasked, and only a file ever is. No path, no
// objection. Errors: invalid_argument.
Status check_room(const std::string& path, bool force);

// Two options that would write into one file are a mistake: one of them would be lost.
Status check_different(std::string_view option, const std::string& path, std::string_view other,
                       const std::string& other_path);

// Where a verb writes what it makes: a file, or stdout where no path is given. A file of that name
// is left alone without `force`.
class OutputFile {
 public:
  static Result<OutputFile> open(const std::string& path, bool force);
  void write(std::string_view text);
  // False once something could not be written: a loop may stop.
  [[nodiscard]] bool good() const;
  // io, where something could not be written. stdout's own end is told by finish_output.
  Status close();

 private:
  OutputFile(std::string path, std::FILE* file)
      : path_(std::move(path)), file_(file, &std::fclose) {}
  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  bool failed_ = false;
};

}  // namespace assay::cli

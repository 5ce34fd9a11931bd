// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"

namespace assay::cli {

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

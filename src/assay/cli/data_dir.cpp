// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/data_dir.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace assay::cli {

Status check_data_dir(const std::string& dir) {
  std::error_code code;
  if (std::filesystem::is_directory(dir + "/chips", code)) return {};
  return Error{ErrorCode::not_found,
               fmt::format("--data {}: there is no folder {}/chips", dir, dir)};
}

}  // namespace assay::cli

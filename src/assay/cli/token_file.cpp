// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/token_file.hpp"

#include "assay/base/read_file.hpp"
#include "assay/http/private_file.hpp"

namespace assay::cli {

Result<std::string> token_in(const std::string& path) {
  if (path.empty()) return std::string();
  TRY(http::check_private(path));
  TRY_ASSIGN(std::string token, read_file(path));
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (token.empty() || token.find_first_of("\r\n") != std::string::npos)
    return Error{ErrorCode::invalid_argument, path + ": a token file holds one line, the token"};
  return token;
}

}  // namespace assay::cli

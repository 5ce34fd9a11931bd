// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/http/message.hpp"
#include "assay/http/request.hpp"

namespace assay::serve {

// Who may ask. Names against DNS rebinding (a page of another site whose name was made to point
// here): on loopback only numeric addresses and localhost; elsewhere the token is what protects.
struct Guard {
  bool loopback_only = true;
  std::vector<std::string> names;    // further host names that are ours
  std::optional<std::string> token;  // none: nobody is asked for one

  // What to answer instead of what was asked for: 400, 401, 403 or 421, with one sentence. Nothing:
  // let it in.
  [[nodiscard]] std::optional<http::Response> turn_away(const http::Request& request) const;
};

// The token in a file that only its owner may read: 16 to 512 printable characters without blanks.
Result<std::string> read_token(const std::string& path);

// Takes as long whatever the bytes are; only the lengths show.
bool same_in_constant_time(std::string_view a, std::string_view b);

}  // namespace assay::serve

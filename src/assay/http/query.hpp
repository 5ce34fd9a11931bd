// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/base/result.hpp"

namespace assay::http {

// The parameters of a query, decoded, in the order in which they stand.
class Query {
 public:
  // "a=1&b=x%20y" (application/x-www-form-urlencoded: + is a blank). invalid_argument: a % without
  // two hexadecimal digits, a control character once decoded, bytes that are no UTF-8, a name given
  // twice, more than 64 parameters.
  static Result<Query> parse(std::string_view text);

  // Null where it is not given.
  [[nodiscard]] const std::string* find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const {
    return parameters_;
  }

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

// All but letters, digits and -._~ as %XX: for one value of a query or one segment of a path.
std::string percent_encode(std::string_view text);

// invalid_argument as above; `plus_is_blank` in queries alone.
Result<std::string> percent_decode(std::string_view text, bool plus_is_blank);

}  // namespace assay::http

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::http {

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

// The first header of that name, in any case; empty if there is none.
std::string_view header(const Headers& headers, std::string_view name);

// Letters of ASCII alone differ in case.
bool same_ignoring_case(std::string_view a, std::string_view b);

struct Response {
  int status = 200;
  std::string body;
  Headers headers;
};

// "Not Found"; "" for a number that RFC 9110 does not name.
std::string_view phrase_of(int status);

}  // namespace assay::http

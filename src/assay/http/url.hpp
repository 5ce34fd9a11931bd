// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"

namespace assay::http {

// An http or https URL as a client needs it (RFC 3986): "https://host:9090/api/v1/query?query=up".
struct Url {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 80;
  std::string target = "/";  // path and query, as they go on the wire; the fragment stays behind

  // invalid_argument: another scheme, a user and password (give a header), no host, a port out of
  // range, or a blank or control character anywhere.
  static Result<Url> parse(std::string_view text);

  // The same server, the path `path` appended to this one's path, "?" and `query` behind it where
  // there is one. Both must be encoded already (query.hpp).
  [[nodiscard]] Url at(std::string_view path, std::string_view query = {}) const;

  // "host:port" as the Host header says it: without the port where it is the scheme's own.
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] std::string to_string() const;
  // Without the target: what a message names, since a query may be long or hold a secret.
  [[nodiscard]] std::string server() const;
};

}  // namespace assay::http

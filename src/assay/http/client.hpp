// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/http/message.hpp"
#include "assay/http/url.hpp"
#include "assay/units/units.hpp"

namespace assay::http {

struct Options {
  Seconds deadline{5};                             // for all of it: name, connection, answer
  std::size_t most_bytes = std::size_t{16} << 20;  // of the answer's body
  Headers headers;                                 // besides Host, User-Agent and the like
  std::string ca_file;                             // PEM; empty: the system's certificates
};

// One request on a connection of its own. No redirect is followed: a 3xx is an answer like any
// other status. Errors, each one sentence with the server's name: timeout; io (no such host,
// refused, broken off, a certificate that is not trusted, an answer that is no HTTP or is too
// long). Blocks; from any thread.
Result<Response> get(const Url& url, const Options& options = {});
Result<Response> post(const Url& url, std::string_view body, std::string_view content_type,
                      const Options& options = {});

// io with the status and the first line of the body unless the status is 2xx.
Status expect_success(const Url& url, const Response& response);

}  // namespace assay::http

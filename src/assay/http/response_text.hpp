// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/http/message.hpp"

namespace assay::http {

// The response as it goes on the wire. A Content-Length is added, and the body left out where the
// method was HEAD; 304 and 204 have neither.
std::string response_text(const Response& response, bool head_only, bool keep_alive);

// The head of a response whose body ends with the connection.
std::string open_ended_head(const Headers& headers);

}  // namespace assay::http

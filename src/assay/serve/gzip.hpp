// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assay/http/request.hpp"

namespace assay::serve {

// The same bytes as a gzip file (RFC 1952). `level`: 1, the quickest, to 9, the smallest.
std::string gzip(std::string_view bytes, int level);

// Whether who asks takes an answer so compressed.
bool takes_gzip(const http::Request& request);

}  // namespace assay::serve

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace assay::serve {

// The same bytes as a gzip file (RFC 1952), level 9.
std::string gzip(std::string_view bytes);

}  // namespace assay::serve

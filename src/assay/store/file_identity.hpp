// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "assay/base/result.hpp"

namespace assay::store {

// Whether a file is a recording that this program can read, from its first 100 bytes, before SQLite
// sees it. A bit or two flipped in the marks is forgiven: the rows' checksums decide then.
// not_found, no_permission, invalid_argument (not a recording), version_refused, corrupt, io.
Status identify(const std::filesystem::path& path);

}  // namespace assay::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/base/result.hpp"

namespace assay::http {

// A file with a secret: fails with no_permission and the command that mends it if its group or
// others may read or write it; not_found or io where it can't be looked at.
Status check_private(const std::string& path);

}  // namespace assay::http

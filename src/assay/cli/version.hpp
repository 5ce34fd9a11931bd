// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace assay::cli {

// "0.1.0" or, from a git checkout, "0.1.0+1a2b3c4".
std::string_view version_text();

}  // namespace assay::cli

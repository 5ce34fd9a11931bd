// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "assay/serve/static_files.hpp"

namespace assay::cli {

// The web page and the pages of the causes ("causes/held-idle.md"), which travel inside the
// program.
std::span<const serve::EmbeddedFile> serve_page();

}  // namespace assay::cli

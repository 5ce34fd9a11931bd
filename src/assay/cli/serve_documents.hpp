// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/cli/options.hpp"
#include "assay/serve/documents.hpp"

namespace assay::cli {

// What the verbs plan, compare and catalog print with --json, made from the parameters of a URL.
serve::Documents serve_documents(const CommonOptions& common);

}  // namespace assay::cli

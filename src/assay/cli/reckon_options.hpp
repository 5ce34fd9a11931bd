// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/cli/options.hpp"

namespace assay::cli {

// Of the common options those that change what is reckoned (--data, --price), for a verb that draws
// nothing on the terminal and has formats of its own.
void add_reckon_options(CLI::App& app, CommonOptions& options);

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "assay/cli/verb.hpp"

namespace assay::cli {

// The whole command line: every registered verb with its options, on a fresh parser. What a parse
// chooses is put into `chosen`, which must outlive the parser.
std::unique_ptr<CLI::App> command_line(std::unique_ptr<Action>& chosen);

}  // namespace assay::cli

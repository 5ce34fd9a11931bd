// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/cli/command_spec.hpp"

namespace assay::cli {

// Stands alone on its line where a page's own text goes in (man/<page>.scd).
inline constexpr std::string_view kProseMark = "@PROSE@";

// The manual page of the program itself, or of one of its verbs, in scdoc(5): name, synopsis,
// options of the verb and of what is below it, example, exit status.
std::string man_page(const CommandSpec& root);
std::string man_page(const CommandSpec& root, const CommandSpec& verb);

}  // namespace assay::cli

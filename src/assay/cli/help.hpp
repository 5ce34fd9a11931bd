// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace assay::cli {

// What stands below the options: an example, and what the exit codes mean.
std::string help_footer(std::string_view example);

// A help text as the option parser lays it out, with lines too long for `width` columns broken at
// blanks. The right column of a two-column line goes on under itself. A single word that is longer
// than a line stays whole.
std::string fit_help(std::string_view text, int width);

}  // namespace assay::cli

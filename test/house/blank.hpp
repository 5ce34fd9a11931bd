// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace assay::house {

struct Blanked {
  std::string code;      // comments and insides of literals are spaces; newlines stay
  std::string comments;  // all but comments is spaces; newlines stay
};

// Tells C++ code, comments and literals apart: // and block comments, "...", '...', raw strings and
// digit separators. No preprocessor: both sides of an #if are read.
Blanked blank(std::string_view text);

}  // namespace assay::house

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace assay::house {

struct FunctionSpan {
  std::size_t begin = 0;  // position of the signature in the code
  std::size_t lines = 0;  // from the signature to the closing brace
};

// The outermost functions of blanked code, test bodies included. A scan by braces, good enough for
// code that clang-format has laid out: a body's brace has a space before it, an initializer's has
// not (or follows an = sign).
std::vector<FunctionSpan> functions(std::string_view code);

}  // namespace assay::house

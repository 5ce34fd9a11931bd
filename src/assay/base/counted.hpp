// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace assay {

// "1 window", "2 windows", "0 windows": for nouns that take an s.
template <std::integral N>
std::string counted(N number, std::string_view noun) {
  std::string out = std::to_string(number) + ' ';
  out += noun;
  if (number != 1) out += 's';
  return out;
}

}  // namespace assay

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::house {

// An identifier in blanked code with what stands around it.
struct Word {
  std::string_view text;
  std::string_view before;  // the identifier and punctuation glued in front: "std::", "x.", "p->"
  std::size_t position = 0;
  char next = '\0';      // the first character after it that is no space
  char previous = '\0';  // the last character before `before` that is no space
};

std::vector<Word> words(std::string_view code);

// Is it the C or std function of this name being called: "f(", "::f(" or "std::f(", but neither a
// member "x.f(" nor another namespace's.
bool is_std_call(const Word& word);

}  // namespace assay::house

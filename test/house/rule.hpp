// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "house/source_file.hpp"

namespace assay::house {

struct Violation {
  std::string path;
  std::size_t line = 0;
  std::string message;  // what is wrong and what to do
};

struct Example {
  std::string path;
  std::string text;
};

// A rule reads one file at a time. The examples are part of it: some that it must flag, and some as
// near to those as can be that it must pass.
struct Rule {
  std::string name;
  std::vector<Violation> (*check)(const SourceFile&);
  std::vector<Example> bad;
  std::vector<Example> good;
};

std::vector<Rule> size_rules();
std::vector<Rule> form_rules();
std::vector<Rule> include_rules();
std::vector<Rule> banned_rules();
std::vector<Rule> purity_rules();

// GoogleTest prints a rule by its name.
inline void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

inline std::ostream& operator<<(std::ostream& out, const Violation& violation) {
  return out << violation.path << ":" << violation.line << ": " << violation.message;
}

}  // namespace assay::house

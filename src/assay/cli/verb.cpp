// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/verb.hpp"

#include <algorithm>

namespace assay::cli {
namespace {

// Filled by static objects before main(), only read afterwards.
std::vector<Verb>& registry() {
  static std::vector<Verb> all;
  return all;
}

}  // namespace

VerbRegistration::VerbRegistration(const Verb& verb) { registry().push_back(verb); }

std::vector<Verb> verbs() {
  std::vector<Verb> sorted = registry();
  std::ranges::sort(sorted, {}, &Verb::order);
  return sorted;
}

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/verb.hpp"

#include <algorithm>
#include <iterator>

namespace assay::cli {
namespace {

// Filled by static objects before main(), only read afterwards.
std::vector<Verb>& registry() {
  static std::vector<Verb> all;
  return all;
}

}  // namespace

VerbRegistration::VerbRegistration(const Verb& verb) { registry().push_back(verb); }

std::vector<Verb> verbs() { return verbs_of({}); }

std::vector<Verb> verbs_of(std::string_view parent) {
  std::vector<Verb> found;
  std::ranges::copy_if(registry(), std::back_inserter(found),
                       [&](const Verb& verb) { return verb.parent == parent; });
  std::ranges::sort(found, {}, &Verb::order);
  return found;
}

}  // namespace assay::cli

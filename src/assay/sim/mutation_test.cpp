// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "assay/sim/fuzz_body.hpp"
#include "assay/sim/toy_scenario_test.hpp"
#include "assay/sim/world_test.hpp"

namespace assay::sim {
namespace {

class Mutator {
 public:
  // Flips, cuts, repeats, swaps digits or cuts off, one to four times.
  std::string mutate(std::string text) {
    for (std::size_t n = 1 + below(4); n > 0 && !text.empty(); --n) {
      const std::size_t at = below(text.size());
      const std::size_t length = below(std::min<std::size_t>(40, text.size() - at) + 1);
      switch (below(6)) {
        case 0: text[at] = static_cast<char>(below(256)); break;
        case 1: text.erase(at, length); break;
        case 2: text.insert(below(text.size()), text.substr(at, length)); break;
        case 3: text.insert(at, 1, kSyntax[below(kSyntax.size())]); break;
        case 4: change_number(text, at); break;
        default: text.resize(std::max(at, text.size() / 2)); break;
      }
    }
    return text;
  }

 private:
  static constexpr std::string_view kSyntax = "[]{}=\"'.,#\n-+_eE09\\";

  // Other digits where the next number stands: most files stay sound and are simulated.
  void change_number(std::string& text, std::size_t from) {
    const std::size_t at = text.find_first_of("0123456789", from);
    if (at != std::string::npos) text[at] = static_cast<char>('0' + below(10));
  }

  std::size_t below(std::size_t n) { return random_() % n; }
  std::mt19937 random_{20261122};  // fixed: a failure must come again
};

TEST(Mutation, NoTextCrashesTheReaderOrTheWorld) {
  Mutator mutator;
  const std::string seed(kTestScenario);
  const std::string small = one_stream("[[kernel]]\nname = \"k\"\ngrid = 9\nblock_us = 3\n",
                                       "{ kernel = \"k\", gap_us = 7 }", "repeat = 5\n");
  for (int i = 0; i < 25'000; ++i) fuzz_scenario(mutator.mutate(seed), chips());
  for (int i = 0; i < 75'000; ++i) fuzz_scenario(mutator.mutate(small), chips());
}

TEST(Mutation, NorDoesAMutatedRealFile) {
  Mutator mutator;
  for (const std::string& name : embedded_scenarios()) {
    const std::string text(*embedded_scenario_text(name));
    for (int i = 0; i < 40; ++i) fuzz_scenario(mutator.mutate(text), chips());
  }
}

}  // namespace
}  // namespace assay::sim

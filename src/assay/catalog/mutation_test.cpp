// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

#include "assay/catalog/embedded.hpp"
#include "assay/catalog/fuzz_body.hpp"
#include "assay/catalog/test_chip.hpp"
#include "assay/catalog/test_claim.hpp"

namespace assay::catalog {
namespace {

class Mutator {
 public:
  // Flips, cuts, repeats or swaps parts of the text, one to four times.
  std::string mutate(std::string text) {
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      if (text.empty()) break;
      const std::size_t at = below(text.size());
      const std::size_t length = below(std::min<std::size_t>(40, text.size() - at) + 1);
      switch (below(5)) {
        case 0: text[at] = static_cast<char>(below(256)); break;
        case 1: text.erase(at, length); break;
        case 2: text.insert(below(text.size()), text.substr(at, length)); break;
        case 3: text.insert(at, 1, kSyntax[below(kSyntax.size())]); break;
        default: text.resize(at); break;
      }
    }
    return text;
  }

  // A few lines of the text: small, so that many fit into a second.
  std::string piece_of(const std::string& text) {
    const std::size_t at = below(text.size());
    return text.substr(at, 20 + below(180));
  }

 private:
  static constexpr std::string_view kSyntax = "[]{}=\"'.,#\n-+_eE09\\";
  std::size_t below(std::size_t n) { return random_() % n; }
  std::mt19937 random_{20261122};  // fixed: a failure must come again
};

TEST(Mutation, NoTextCrashesTheReader) {
  Mutator mutator;
  const std::string seed(kTestChip);
  const std::string config = "[price]\ndefault_usd_per_hour = 2\n[price.by_chip]\n\"toy\" = 3\n";
  for (int i = 0; i < 8'000; ++i) fuzz_chip(mutator.mutate(seed));
  for (int i = 0; i < 46'000; ++i) fuzz_config(mutator.mutate(config));
  for (int i = 0; i < 46'000; ++i) fuzz_chip(mutator.mutate(mutator.piece_of(seed)));
}

TEST(Mutation, NorDoesAMutatedRealFile) {
  Mutator mutator;
  for (const text::NamedText& file : embedded_chip_files()) {
    for (int i = 0; i < 8; ++i) fuzz_chip(mutator.mutate(std::string(file.text)));
  }
  for (const text::NamedText& file : embedded_claim_files()) {
    for (int i = 0; i < 8; ++i) fuzz_claim(mutator.mutate(std::string(file.text)));
  }
}

TEST(Mutation, NoTextCrashesTheReaderOfClaims) {
  Mutator mutator;
  const std::string seed(kTestClaim);
  for (int i = 0; i < 4'000; ++i) fuzz_claim(mutator.mutate(seed));
  for (int i = 0; i < 10'000; ++i) fuzz_claim(mutator.mutate(mutator.piece_of(seed)));
}

}  // namespace
}  // namespace assay::catalog

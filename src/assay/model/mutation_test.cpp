// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "assay/model/fuzz_body.hpp"
#include "assay/model/test_configs.hpp"

namespace assay::model {
namespace {

class Mutator {
 public:
  // Flips, cuts, repeats or swaps parts of the text, or puts another number in place of one, one to
  // four times.
  std::string mutate(std::string text) {
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      if (text.empty()) break;
      const std::size_t at = below(text.size());
      const std::size_t length = below(std::min<std::size_t>(40, text.size() - at) + 1);
      switch (below(6)) {
        case 0: text[at] = static_cast<char>(below(256)); break;
        case 1: text.erase(at, length); break;
        case 2: text.insert(below(text.size()), text.substr(at, length)); break;
        case 3: text.insert(at, 1, kSyntax[below(kSyntax.size())]); break;
        case 4: text.resize(at); break;
        default: swap_number(text, at); break;
      }
    }
    return text;
  }

 private:
  static constexpr std::string_view kSyntax = "[]{}:=\"'.,#\n-+_eE09\\";
  static constexpr std::array<std::string_view, 12> kNumbers{
      "0",     "-1",  "1",    "2147483647", "2147483648", "1e308",
      "1e999", "NaN", "null", "true",       "\"1\"",      "[1]"};

  void swap_number(std::string& text, std::size_t from) {
    const std::size_t at = text.find_first_of("0123456789", from);
    if (at == std::string::npos) return;
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    text.replace(at, end - at, kNumbers[below(kNumbers.size())]);
  }
  std::size_t below(std::size_t n) { return random_() % n; }
  std::mt19937 random_{20261122};  // fixed: a failure must come again
};

std::vector<std::string> seeds() {
  std::vector<std::string> out;
  for (const TestConfig& config : kTestConfigs) out.emplace_back(config.json);
  out.push_back(mimo_config());
  return out;
}

TEST(Mutation, SeedsAreSound) {
  for (const std::string& seed : seeds()) {
    const auto model = read_config("config.json", seed);
    ASSERT_TRUE(model) << model.error().message;
    check_model(*model);
  }
}

TEST(Mutation, NoConfigCrashesTheReader) {
  Mutator mutator;
  const std::vector<std::string> all = seeds();
  for (int i = 0; i < 30'000; ++i)
    fuzz_config(mutator.mutate(all[static_cast<std::size_t>(i) % all.size()]));
}

TEST(Mutation, NorDoesAModelFile) {
  Mutator mutator;
  const std::vector<text::NamedText> files = embedded_model_files();
  for (int i = 0; i < 1'500; ++i) {
    fuzz_model_file(
        mutator.mutate(std::string(files[static_cast<std::size_t>(i) % files.size()].text)));
  }
}

}  // namespace
}  // namespace assay::model

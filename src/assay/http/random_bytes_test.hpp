// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>
#include <vector>

namespace assay::http {

// Texts that are nearly right: pieces of a vocabulary put together at random, now and then with a
// byte changed. The same seed gives the same texts.
class RandomBytes {
 public:
  RandomBytes(unsigned seed, std::vector<std::string> vocabulary)
      : engine_(seed), vocabulary_(std::move(vocabulary)) {}

  std::string next() {
    std::string text;
    const std::size_t pieces = pick(8);
    for (std::size_t i = 0; i < pieces; ++i) text += vocabulary_[pick(vocabulary_.size())];
    while (!text.empty() && pick(3) == 0) text[pick(text.size())] = static_cast<char>(pick(256));
    return text;
  }

 private:
  std::size_t pick(std::size_t below) { return engine_() % below; }

  std::mt19937 engine_;
  std::vector<std::string> vocabulary_;
};

}  // namespace assay::http

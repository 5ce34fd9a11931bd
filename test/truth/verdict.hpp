// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace assay::test {

// What a run found wrong, one sentence each.
class Verdict {
 public:
  // Puts where it was in front of what follows.
  void set_place(std::string place) { place_ = std::move(place); }
  void wrong(std::string_view what) { wrongs_.push_back(fmt::format("{}: {}", place_, what)); }
  void require(bool good, std::string_view what) {
    ++checks_;
    if (!good) wrong(what);
  }
  // A NaN is never near.
  void near(double got, double want, double within, std::string_view what) {
    ++checks_;
    if (!(std::abs(got - want) <= within))
      wrong(fmt::format("{} is {:.12g}, not {:.12g} within {:.3g}", what, got, want, within));
  }

  [[nodiscard]] const std::vector<std::string>& wrongs() const { return wrongs_; }
  [[nodiscard]] std::size_t checks() const { return checks_; }

 private:
  std::string place_;
  std::vector<std::string> wrongs_;
  std::size_t checks_ = 0;
};

}  // namespace assay::test

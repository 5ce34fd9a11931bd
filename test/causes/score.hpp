// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "labelled_set.hpp"

namespace assay::labelled {

// How often the first finding is right. An answer is right if it is the program's cause, or one
// that its row calls as true of it.
struct Tally {
  int asked = 0;
  int answered = 0;  // there was a finding
  int right = 0;
  int by_label = 0;  // right, and the program's cause itself: `also` is not counted
  [[nodiscard]] double recall() const {
    return asked == 0 ? 1 : static_cast<double>(right) / asked;
  }
  [[nodiscard]] double precision() const {
    return answered == 0 ? 1 : static_cast<double>(right) / answered;
  }
};

struct Miss {
  std::string program;
  causes::Cause cause;
  std::optional<causes::Cause> answer;
};

struct Score {
  Tally overall;
  // By true cause: `asked` and `right`, for recall. By the answer given: `answered` and `right`.
  std::array<Tally, causes::kCauseCount> by_cause{};
  std::array<Tally, causes::kCauseCount> by_answer{};
  // True cause by answer; the last column: none.
  std::array<std::array<int, causes::kCauseCount + 1>, causes::kCauseCount> confusion{};
  std::vector<Miss> misses;
};

Score score(const std::vector<Seen>& set, Route route,
            const std::function<bool(const Program&)>& counts);

// The generated part of docs/evidence/causes.md.
std::string evidence(const std::vector<Seen>& set);

}  // namespace assay::labelled

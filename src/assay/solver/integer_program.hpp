// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "assay/base/result.hpp"

namespace assay::solver {

// Minimize the sum of cost times x, x whole and at least 0, such that each row's sum of
// coefficient times x is at least its bound.
struct IntegerProgram {
  struct Column {
    double cost = 0;
    std::vector<std::pair<int, double>> rows;  // row and coefficient
  };
  std::vector<Column> columns;
  std::vector<double> at_least;  // by row
};

struct Solution {
  std::vector<double> values;  // by column, whole numbers
  double objective = 0;
  double bound = 0;     // no solution is below this
  bool optimal = true;  // false: time ran out, and this is the best that was found
};

// `library`: CBC's C interface, another name for tests. Errors: not_found where it is not installed
// (the sentence says what to install), version_refused where it lacks a function, timeout where
// nothing was found in time, invalid_argument where no solution exists. Prints nothing.
Result<Solution> minimize(const IntegerProgram& program, double seconds,
                          const std::string& library = "libCbcSolver.so.3");

}  // namespace assay::solver

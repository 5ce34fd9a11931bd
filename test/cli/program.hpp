// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace assay::test {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

// Runs the program with these arguments (as a shell would split them) in an environment without
// NVML, terminal and home, except what `environment` sets ("NAME=value ...").
Outcome run(const std::string& arguments, const std::string& environment = "");

// A folder of its own for this test, empty at first, removed at exit.
std::string scratch();

}  // namespace assay::test

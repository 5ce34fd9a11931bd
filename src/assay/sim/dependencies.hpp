// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/sim/scenario.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::sim {

// What the file says of an op and a stream beside their specs.
struct OpText {
  int line = 1;
  std::string name;
  std::vector<std::string> after;  // "stream.op"
};
struct StreamText {
  int line = 1;
  std::vector<OpText> ops;
};

// Fills in OpSpec::after and StreamSpec::dependents. Reports names that are none, streams that
// can't wait for each other because one ends without the other, and cycles, in which nothing would
// ever start.
void resolve_dependencies(ProcessSpec& process, const std::vector<StreamText>& texts,
                          text::Problems& problems);

}  // namespace assay::sim

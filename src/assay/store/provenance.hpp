// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/sample/sample.hpp"

namespace assay::store {

// How a recording came to be. Text that is not known is empty.
struct Provenance {
  std::string assay_version;
  std::string host;
  std::string os;
  std::string driver;
  std::string command;  // what was run while recording, if anything
  std::string note;
  sample::WallTime started;
  Seconds period{0};  // wanted time between windows; 0 = not regular
  friend bool operator==(const Provenance&, const Provenance&) = default;
};

}  // namespace assay::store

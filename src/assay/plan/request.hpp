// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/units/units.hpp"

namespace assay::plan {

// One request to a serving engine. A closed loop ignores `arrival`: there a request arrives when an
// earlier one ends.
struct Request {
  Seconds arrival{};
  int prompt = 1;  // tokens in, at least 1
  int output = 1;  // tokens out, at least 1; the first comes from the prompt's own pass
};

}  // namespace assay::plan

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string_view>

#include "assay/base/check.hpp"
#include "assay/fleet/answer.hpp"

// What must hold of any bytes at all, for the unit test's mutations and for libFuzzer alike.
namespace assay::fleet {

inline void fuzz_answer(std::string_view text) {
  if (const auto answer = parse_vector(text))
    for (const Row& row : answer->rows) CHECK(std::isfinite(row.value));
  if (const auto trace = parse_trace(text))
    for (const double value : trace->values) CHECK(std::isfinite(value));
}

}  // namespace assay::fleet

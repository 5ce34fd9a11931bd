// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "truth/check.hpp"

// What the driver keeps in buffers of its own: GPU-Util's samples, shares of time by process.
namespace assay::test {

// A reading that is given as of now is of a call in this window or in the last seconds.
void check_present(const Case& at, const CallEntry& call, std::string_view name, Verdict& verdict);
// The mean is of the time that it claims to be of, and measured only where that is all that was
// asked for: the driver's buffer holds 20 s or so.
void check_samples(const Case& at, const CallEntry& entry, Verdict& verdict);
// Each process that the driver lists, with its memory and its share of time, and no other.
void check_processes(const Case& at, Verdict& verdict);

}  // namespace assay::test

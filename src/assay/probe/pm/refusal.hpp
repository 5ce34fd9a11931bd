// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "assay/base/error.hpp"
#include "assay/probe/pm/cupti_abi.hpp"

namespace assay::probe::pm {

// A code of CUPTI as an Error: what failed, why, and the exact remedy where there is one. Where the
// counters are held, who may hold them is looked for (counter_users.hpp).
Error refusal(abi::Code code, std::string_view what);
// The same with `holders` found before.
Error refusal(abi::Code code, std::string_view what, std::span<const std::string> holders);

}  // namespace assay::probe::pm

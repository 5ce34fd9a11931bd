// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/base/error.hpp"
#include "assay/probe/pm/cupti_abi.hpp"

namespace assay::probe::pm {

// A code of CUPTI as an Error: what failed, why, and the exact remedy where there is one.
Error refusal(abi::Code code, std::string_view what);

}  // namespace assay::probe::pm

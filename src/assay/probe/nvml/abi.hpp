// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/nvml_abi/abi.hpp"

namespace assay::probe::nvml {

namespace abi = assay::nvml_abi;

}  // namespace assay::probe::nvml

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "assay/units/dtype.hpp"

namespace assay::catalog {

// The words that a file may use for a dtype.
inline constexpr std::array kDtypes{Dtype::fp64, Dtype::fp32, Dtype::tf32, Dtype::bf16,
                                    Dtype::fp16, Dtype::fp8,  Dtype::fp6,  Dtype::fp4,
                                    Dtype::int8, Dtype::int4};

}  // namespace assay::catalog

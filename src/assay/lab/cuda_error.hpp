// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/base/error.hpp"

namespace assay::lab {

// The error of a driver call that did not answer 0. what: the step in words ("allocating 2 GiB on
// the device"); name: cuGetErrorName's answer, may be empty. Pure.
Error cuda_error(std::string_view what, int code, std::string_view name);

}  // namespace assay::lab

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/lab/cuda.hpp"
#include "assay/lab/cuda_abi.hpp"

namespace assay::lab {

// Where libcublas is looked for, in order. setting: the environment variable ASSAY_CUBLAS, a path
// that is tried alone; "none" = nowhere; nullptr = not set. Pure.
std::vector<std::string> cublas_candidates(const char* setting);

// cuBLAS on this stream of the context that is current, found through cublas_candidates.
// not_found: none could be loaded. The library stays loaded: it does not survive being unloaded
// while its context lives.
Result<std::unique_ptr<Gemm>> open_cublas(abi::Stream stream);

// The same among these paths: for open_cublas and tests.
Result<std::unique_ptr<Gemm>> open_cublas_from(const std::vector<std::string>& candidates,
                                               abi::Stream stream);

}  // namespace assay::lab

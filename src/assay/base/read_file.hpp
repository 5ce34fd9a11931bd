// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "assay/base/result.hpp"

namespace assay {

// The largest file that is read whole. The largest that is of use, a trace of requests, has some
// tens of MiB.
inline constexpr std::size_t kLargestFile = std::size_t{256} << 20;

// The whole of a regular file. Errors: not_found; invalid_argument (a folder, device or pipe, or
// more than `most` bytes); io. Never waits for a writer.
Result<std::string> read_file(const std::string& path, std::size_t most = kLargestFile);

}  // namespace assay

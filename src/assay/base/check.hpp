// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace assay {

// Prints the failed condition with its place on stderr and aborts. For bugs of assay only: what a
// user, a device or a file can cause is an Error.
[[noreturn]] void check_failed(std::string_view condition, std::string_view file, int line);

}  // namespace assay

#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::assay::check_failed(#condition, __FILE__, __LINE__))

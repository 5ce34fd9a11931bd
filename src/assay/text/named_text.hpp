// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace assay::text {

// A file's name, for error messages, and its text. Both must outlive the call only.
struct NamedText {
  std::string_view name;
  std::string_view text;
};

}  // namespace assay::text

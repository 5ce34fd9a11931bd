// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace assay::cli {

// A kernel's name for people: demangled where it is mangled; "(no name)" for an empty one.
std::string demangled(const std::string& name);

// The same without arguments and template parameters, and without "void" in front:
// "at::native::vectorized_elementwise_kernel".
std::string short_name(const std::string& name);

// Any bytes as the inside of a JSON string: quotes, controls and what is not UTF-8 escaped.
std::string json_escaped(const std::string& text);

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// JSON written straight into a text: for documents made many times an hour, where a tree of values
// would cost more than all the rest.
namespace assay::wire {

// The shortest text that reads back the same; null where there is no number in JSON for it.
void append_json(std::string& out, double value);
void append_json(std::string& out, float value);
// In quotes; bytes that are no UTF-8 become U+FFFD.
void append_json(std::string& out, std::string_view text);

}  // namespace assay::wire

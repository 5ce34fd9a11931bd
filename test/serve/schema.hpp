// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace assay::test {

// What of `value` an OpenAPI document's schema does not allow, and what the schema requires and the
// value lacks, one line each. A property that the schema does not name is a fault unless it says
// additionalProperties.
std::vector<std::string> faults(const nlohmann::json& document, const nlohmann::json& schema,
                                const nlohmann::json& value, const std::string& at);

}  // namespace assay::test

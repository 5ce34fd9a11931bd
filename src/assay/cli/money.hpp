// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/units/units.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace assay::cli {

// "1000", "$1000", "2.5k", "100M", "1B" (k, K thousand, M, m million, B, b billion); above 0 and at
// most 10^15. Anything else is refused in one sentence.
Result<Dollars> parse_money(std::string_view text);

// "$100 M", "$2.50 k", "$0.080": three figures.
std::string money(Dollars value);

// An option whose text is an amount of money, checked while parsing: `flag` is a literal.
CLI::Option* add_money(CLI::App& app, const char* flag, std::optional<Dollars>& target,
                       const std::string& help);

}  // namespace assay::cli

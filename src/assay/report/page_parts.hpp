// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/report/report.hpp"

// Sections of the page, each an <h2> and what follows, or nothing where there is nothing to say.
namespace assay::report {

std::string length_words(double seconds);  // "57 s", "2 h 05 min"
std::string dollar_words(double amount);   // "$12.40", "$0.0021", "<$0.0001"
// How near its speed of light a device was on average: "51.4 %", "at least 3.2 %", "unknown".
std::string done_words(const Report& report, int device);
// The rung SM active, of the parts that the page shows: "67.1 % (raised)" where in some window it
// was raised to the speed of light, which is then more than what the counter read.
std::string active_words(const Report& report, int device);
std::string losses_section(const Report& report);
std::string causes_section(const Report& report);
std::string devices_section(const Report& report);
std::string kernels_section(const Report& report);
std::string events_section(const Report& report);
std::string provenance_section(const Report& report);

}  // namespace assay::report

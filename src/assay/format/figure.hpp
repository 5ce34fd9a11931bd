// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/sample/reading.hpp"

// A figure that something else than a device told: a serving engine's rates and latencies.
namespace assay::format {

// "~12.3" where it is estimated; "unknown (reason)" where it is not known.
std::string figure(const sample::Reading<double>& value, std::string (*write)(double));

std::string plain_number(double value);     // "12.3", "6.7 k" from 10,000 on
std::string duration_text(double seconds);  // "12.3 ms", "1.23 s"
std::string usd_text(double value);         // "$0.123", "$123"
std::string joules_text(double value);      // "1.23 J"
std::string share_text(double fraction);    // "43.0 %"

}  // namespace assay::format

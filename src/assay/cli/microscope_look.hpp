// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "assay/causes/observation.hpp"

namespace assay::cli {

// What the microscope saw of one device of a job.
struct MicroscopeLook {
  std::string uuid;
  causes::Magnified seen;  // the mean of the looks
  int looks = 0;
};

// Of that device; nothing where it was not looked at.
causes::Magnified seen_of(std::span<const MicroscopeLook> looks, const std::string& uuid);

}  // namespace assay::cli

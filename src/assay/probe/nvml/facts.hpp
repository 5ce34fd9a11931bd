// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/probe/nvml/line.hpp"
#include "assay/sample/sample.hpp"

namespace assay::probe::nvml {

// Reads what does not change: name, UUID, PCI address, compute capability, SM count. What the
// driver does not tell stays empty or unknown. The line must have its device.
sample::DeviceFacts read_facts(Line& line, int index);

// Finds device `index` anew, by its UUID where one is known, and gives it to the line.
Return open_device(Line& line, int index, const std::string& uuid);

}  // namespace assay::probe::nvml

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/lab/cuda.hpp"
#include "assay/lab/driver.hpp"

namespace assay::lab {

// "GPU-" (or "MIG-") and the sixteen bytes in hexadecimal with dashes, as NVML prints a UUID. Pure.
std::string uuid_text(const std::array<unsigned char, 16>& bytes, bool mig);

// Whether two UUIDs name one device: letters in any case, with or without the prefix. Pure.
bool same_uuid(std::string_view a, std::string_view b);

struct ChosenDevice {
  abi::Device device = 0;
  DeviceInfo info;
};

// The device with this UUID, or CUDA's first where it is empty. CUDA and NVML number devices
// differently; only the UUID means the same in both. not_found: the UUID is not among those that
// CUDA shows to this process.
Result<ChosenDevice> choose_device(const Driver& driver, std::string_view uuid);

}  // namespace assay::lab

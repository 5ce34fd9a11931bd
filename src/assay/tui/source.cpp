// SPDX-License-Identifier: Apache-2.0
#include "assay/tui/source.hpp"

#include <algorithm>

namespace assay::tui {

std::size_t frames_to_keep(std::size_t devices) {
  constexpr std::size_t kBudget = 32 * 1024 * 1024;
  constexpr std::size_t kDevice = 2600;  // bytes of a DeviceFrame with its vectors, and its process
  constexpr std::size_t kLeast = 60;     // of any number of devices
  constexpr std::size_t kMost = 6 * 3600;
  return std::clamp(kBudget / (kDevice * std::max<std::size_t>(devices, 1)), kLeast, kMost);
}

}  // namespace assay::tui

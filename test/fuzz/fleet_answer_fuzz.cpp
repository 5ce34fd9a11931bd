// SPDX-License-Identifier: Apache-2.0
// links: assay_fleet
#include <cstddef>
#include <cstdint>
#include <string>

#include "assay/fleet/fuzz_body.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::fleet::fuzz_answer(std::string(data, data + size));
  return 0;
}

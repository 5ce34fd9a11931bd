// SPDX-License-Identifier: Apache-2.0
// links: assay_nvml_sim
// Calls and arguments of NVML's ABI from the fuzzer's bytes; the unit test
// nvml_sim/nvml_random_test.cpp runs the same body on a million random ones.
#include <cstddef>
#include <cstdint>

#include "assay/nvml_sim/fuzz_body.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::nvml_sim::Choice choice(data, size);
  static_cast<void>(assay::nvml_sim::fuzz_nvml(choice, size));
  return 0;
}

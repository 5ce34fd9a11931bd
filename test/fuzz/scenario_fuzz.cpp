// SPDX-License-Identifier: Apache-2.0
// links: assay_sim
// Seeds: data/scenarios/*.toml.
#include <cstddef>
#include <cstdint>
#include <string>

#include "assay/catalog/embedded.hpp"
#include "assay/sim/fuzz_body.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const assay::catalog::Catalog chips = *assay::catalog::embedded();
  const std::string text(data, data + size);
  assay::sim::fuzz_scenario(text, chips);
  return 0;
}

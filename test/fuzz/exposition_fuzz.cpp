// SPDX-License-Identifier: Apache-2.0
// links: assay_exposition
// Seeds: test/engine/*.txt.
#include <cstddef>
#include <cstdint>
#include <string>

#include "assay/exposition/fuzz_body.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::exposition::fuzz_scrape(std::string(data, data + size));
  return 0;
}

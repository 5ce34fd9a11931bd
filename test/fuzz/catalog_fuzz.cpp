// SPDX-License-Identifier: Apache-2.0
// links: assay_catalog
// Seeds: data/chips/*.toml, data/claims/*.toml.
#include <cstddef>
#include <cstdint>
#include <string>

#include "assay/catalog/fuzz_body.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  assay::catalog::fuzz_chip(text);
  assay::catalog::fuzz_claim(text);
  assay::catalog::fuzz_config(text);
  return 0;
}

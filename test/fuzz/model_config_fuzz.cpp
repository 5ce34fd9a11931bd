// SPDX-License-Identifier: Apache-2.0
// links: assay_model
// Seeds: any config.json; data/models/*.toml.
#include <cstddef>
#include <cstdint>
#include <string>

#include "assay/model/fuzz_body.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  assay::model::fuzz_config(text);
  assay::model::fuzz_model_file(text);
  return 0;
}

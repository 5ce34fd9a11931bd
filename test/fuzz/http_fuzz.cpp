// SPDX-License-Identifier: Apache-2.0
// links: assay_http
// Seeds: requests as `curl -v` shows them.
#include <cstddef>
#include <cstdint>
#include <string>

#include "assay/http/fuzz_body.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::http::parse_anything(std::string(data, data + size));
  return 0;
}

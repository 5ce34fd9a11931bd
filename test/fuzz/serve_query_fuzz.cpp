// SPDX-License-Identifier: Apache-2.0
// links: assay_serve
// Seeds: metric=sm_active,ladder.sol&device=0&from=-15m&to=now&step=10s
#include <cstddef>
#include <cstdint>
#include <string>

#include "assay/serve/fuzz_body.hpp"
#include "assay/serve/settings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  assay::serve::ask_anything(text);
  static_cast<void>(assay::serve::Settings::parse({"serve.toml", text}).ok());
  return 0;
}

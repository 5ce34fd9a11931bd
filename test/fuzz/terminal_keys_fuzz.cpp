// SPDX-License-Identifier: Apache-2.0
// links: assay_tui
// What a terminal may send, in pieces of any size.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "assay/tui/keys.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t piece = size == 0 ? 1 : 1 + data[0] % 7;
  assay::tui::KeyParser parser;
  for (std::size_t at = 0; at < size; at += piece)
    for (const assay::tui::Input& input : parser.feed(bytes.substr(at, piece)))
      if (input.x < 0 || input.y < 0) __builtin_trap();
  static_cast<void>(parser.flush());
  if (parser.waiting()) __builtin_trap();
  return 0;
}

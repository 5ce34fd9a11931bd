// SPDX-License-Identifier: Apache-2.0
// links: assay_store
// libFuzzer's entry to the decoders of a recording; the unit test store/chunk_fuzz_test.cpp runs
// the same body on fixed inputs.
#include "assay/store/chunk_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static assay::store::IntegerCodec codec;
  assay::store::decode_anything({data, size}, codec);
  return 0;
}

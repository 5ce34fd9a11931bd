// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "assay/store/bytes.hpp"

namespace assay::store {

// CRC-32 of ISO-HDLC (polynomial 0xEDB88320 reflected, as in zlib, PNG and gzip), so that a reader
// in any language has it at hand. Start with 0 and pass the result on to go over more bytes.
std::uint32_t crc32(std::uint32_t crc, BlobView data);

}  // namespace assay::store

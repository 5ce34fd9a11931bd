// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/trace_ring/writer.hpp"

namespace assay::tracer {

struct Ring {
  trace_ring::Page* page = nullptr;  // null: there is no room for even the smallest
  std::uint32_t slots = 0;
  const char* limit = nullptr;  // what kept it from being as large as wanted; null where it is
};

// A new ring of this process in `folder`, `wanted` slots or, where the file system is too full or
// the process's limits (RLIMIT_FSIZE, RLIMIT_AS) too low, a smaller one. Its room is reserved, so
// that writing never ends in SIGBUS, and never beyond a limit, which would end in SIGXFSZ; the file
// appears under its name when it is whole. Nothing of it stays open but the mapping. Where none can
// be had, a link in its place says why (trace_ring::kRefusedSuffix).
Ring make_ring(const char* folder, std::uint32_t wanted);

}  // namespace assay::tracer

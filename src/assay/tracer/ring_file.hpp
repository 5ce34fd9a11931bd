// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/trace_ring/writer.hpp"

namespace assay::tracer {

struct Ring {
  trace_ring::Page* page = nullptr;  // null: there is no room for even the smallest
  std::uint32_t slots = 0;
};

// A new ring of this process in `folder`, `wanted` slots or, where the file system is too full, a
// smaller one. Its room is reserved, so that writing never ends in SIGBUS; the file appears under
// its name when it is whole. Nothing of it stays open but the mapping.
Ring make_ring(const char* folder, std::uint32_t wanted);

}  // namespace assay::tracer

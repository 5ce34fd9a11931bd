// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "assay/trace_ring/writer.hpp"

namespace assay::tracer {

// Gives each kernel name a small number and writes it into the ring the first time. CUPTI hands out
// one pointer for all records of a kernel, so the pointer is looked up; a module that is unloaded
// may leave its pointer to another name, so the text is looked at again once a buffer. A fixed
// table: where more names are in use at once than it holds, a number is given anew, with its name.
// One thread at a time.
class Names {
 public:
  // At the start of each buffer.
  void begin_buffer() { ++buffer_; }
  // 0 for a null name; kNoRoom if the name is new and the ring is full.
  std::uint32_t id_of(const char* name, trace_ring::Writer& writer);
  static constexpr std::uint32_t kNoRoom = ~0U;

 private:
  static constexpr std::size_t kEntries = 8192;
  static constexpr std::size_t kProbes = 8;
  struct Entry {
    const char* name;
    std::uint64_t hash;
    std::uint64_t buffer;  // in which the text was last looked at
  };

  std::uint32_t define(std::size_t at, const char* name, std::uint64_t hash,
                       trace_ring::Writer& writer);

  Entry entries_[kEntries] = {};
  std::uint64_t buffer_ = 0;
};

}  // namespace assay::tracer

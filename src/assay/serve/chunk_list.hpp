// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace assay::serve {

// One recording of a store: "000042_2026-11-22T08-40-12Z.assay", and "….sums" beside it.
struct Chunk {
  std::int64_t number = 0;
  std::int64_t start_ns = 0;  // the end of its first window, to the second below
  std::string stem;           // the path without its ending
  // No window of it ends later; the next chunk's start where the clock went on.
  std::int64_t end_ns = std::numeric_limits<std::int64_t>::max();

  [[nodiscard]] std::string recording() const { return stem + ".assay"; }
  [[nodiscard]] std::string sums() const { return stem + ".sums"; }
  [[nodiscard]] std::int64_t bytes() const;  // of both, now
  void remove() const;
};

// A new chunk's name.
Chunk make_chunk(const std::string& folder, std::int64_t number, std::int64_t start_ns);

// All of a folder, by number, their ends filled in. Other files are none of ours.
std::vector<Chunk> list_chunks(const std::string& folder);

}  // namespace assay::serve

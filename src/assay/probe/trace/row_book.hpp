// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "assay/trace_ring/layout.hpp"

namespace assay::probe::trace {

// What a row of the table is kept under. No padding: it is hashed as bytes.
struct RowKey {
  std::uint32_t name = 0;    // in the NamePool
  std::uint32_t device = 0;  // in the Tally's list: of one process
  std::array<std::uint32_t, 3> grid{};
  std::array<std::uint16_t, 3> block{};
  std::uint16_t registers = 0;
  std::uint32_t static_shared = 0;
  std::uint32_t dynamic_shared = 0;
  std::uint32_t flags = 0;

  friend bool operator==(const RowKey&, const RowKey&) = default;
};
static_assert(sizeof(RowKey) == 40);

// All launches of one key. Times in nanoseconds.
struct Row {
  std::int64_t launches = 0;
  std::uint64_t total = 0;
  std::uint64_t shortest = UINT64_MAX;
  std::uint64_t longest = 0;
  std::uint64_t gap = 0;
  std::int64_t gaps = 0;
  std::vector<std::uint32_t> streams;  // different ones, kStreamsCounted at most

  // Its time in the burst that is open, the sum of squares of that over the bursts before, and of
  // its products with all launches of each burst.
  bool is_in_burst = false;
  double in_burst = 0;
  double squares = 0;
  double products = 0;

  void launch(std::uint64_t duration, std::uint32_t stream);
  // The burst is over; so many launches of any kernel were seen in it.
  void settle(double launches_in_burst);
};

// The rows, at most `most`; what comes on top goes into one row for all the rest. Rows stay where
// they are.
class RowBook {
 public:
  static constexpr std::size_t kMostRows = 65536;
  explicit RowBook(std::size_t most = kMostRows) : most_(most) {}

  Row& at(const RowKey& key);
  [[nodiscard]] const auto& rows() const { return rows_; }
  auto& rows() { return rows_; }
  Row& rest() { return rest_; }

 private:
  struct Hash {
    std::size_t operator()(const RowKey& key) const;
  };
  std::size_t most_;
  std::unordered_map<RowKey, Row, Hash> rows_;
  RowKey last_key_;
  Row* last_ = nullptr;
  Row rest_;
};

}  // namespace assay::probe::trace

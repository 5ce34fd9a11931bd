// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "assay/serve/bucket.hpp"
#include "assay/serve/derived.hpp"

namespace assay::serve {

// The derived values of the newest windows, in memory: 20 minutes at one a second, less where there
// are so many devices that it would take more than 4 MiB. From any thread.
class History {
 public:
  explicit History(std::size_t devices);

  void add(std::int64_t at_ns, const std::vector<DerivedValues>& devices);
  // The end of the oldest window that is kept; nothing: there is none.
  [[nodiscard]] std::optional<std::int64_t> first() const;
  // Adds what lies on the grid; `buckets` is as long as the grid.
  void read(std::size_t device, std::size_t derived, const Grid& grid,
            std::vector<store::Bucket>& buckets) const;

 private:
  [[nodiscard]] std::size_t oldest() const;

  std::size_t devices_;
  std::size_t most_;
  mutable std::mutex mutex_;
  std::size_t next_ = 0;  // where the next window goes
  std::vector<std::int64_t> at_ns_;
  std::vector<DerivedValues> values_;  // devices_ a window
};

}  // namespace assay::serve

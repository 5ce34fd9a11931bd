// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assay/base/check.hpp"
#include "assay/serve/series_request.hpp"

namespace assay::serve {

// Feeds bytes to what reads a query of /api/v1/series. Shared by test/fuzz and the
// tests.
inline void ask_anything(std::string_view bytes) {
  constexpr sample::WallTime kNow{1'764'400'000'000'000'000};
  const auto query = http::Query::parse(bytes);
  if (!query) return;
  const auto request = parse_series_request(*query, kNow, Seconds(1));
  if (!request) return;
  Grid grid = request->grid;
  CHECK(grid.size() >= 1 && grid.size() <= kMostPoints);
  CHECK(grid.place(grid.to_ns - 1) < grid.size());
  grid.centre_on(kNow.unix_ns - 1);
  CHECK(grid.size() <= kMostPoints + 1);
  if (grid.holds(kNow.unix_ns - 1)) CHECK(grid.place(kNow.unix_ns - 1) < grid.size());
}

}  // namespace assay::serve

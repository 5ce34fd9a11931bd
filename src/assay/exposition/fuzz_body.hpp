// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "assay/base/check.hpp"
#include "assay/exposition/exposition.hpp"

// What must hold of any bytes at all, for the unit test's mutations and for libFuzzer alike.
namespace assay::exposition {

inline void fuzz_scrape(std::string_view text) {
  const Result<Scrape> scrape = parse(text);
  if (!scrape) {
    CHECK(scrape.error().code == ErrorCode::corrupt);
    CHECK(std::ranges::all_of(scrape.error().message, [](char c) { return c >= ' ' && c <= '~'; }));
    return;
  }
  CHECK(!scrape->points.empty());
  for (const Point& point : scrape->points) {
    CHECK(!point.name.empty());
    // What was read can be written, and is read as the same.
    const Result<Scrape> again = parse(to_text(point.name, point.labels) + " 1");
    CHECK(again.ok() && again->points.size() == 1);
    CHECK(again->points.front().name == point.name);
    CHECK(again->points.front().labels == point.labels);
  }
}

}  // namespace assay::exposition

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/http/query.hpp"
#include "assay/metric/metric.hpp"
#include "assay/serve/bucket.hpp"

namespace assay::serve {

// One metric that is asked for: of the table, or derived (derived.hpp).
struct SeriesMetric {
  std::optional<metric::Id> id;
  std::size_t derived = 0;  // where there is no id
  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] std::string_view unit() const;
};

struct SeriesRequest {
  std::vector<SeriesMetric> metrics;  // 1..kMostMetrics
  std::string device;                 // indices or uuids, commas between; empty: all
  Grid grid;
};
inline constexpr std::size_t kMostMetrics = 32;
inline constexpr std::size_t kMostPoints = 2000;

// metric=a,b&device=&from=&to=&step=. Without from, to and step: the last 15 minutes in steps of
// the period or longer, so that there are at most kMostPoints; a step that would make more is
// lengthened. invalid_argument names the parameter.
Result<SeriesRequest> parse_series_request(const http::Query& query, sample::WallTime now,
                                           Seconds period);

}  // namespace assay::serve

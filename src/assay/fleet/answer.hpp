// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/exposition/exposition.hpp"

namespace assay::fleet {

struct Row {
  exposition::Labels labels;
  double value = 0;
};

// What the server answered to one query (prometheus.io/docs/prometheus/latest/querying/api; the
// cluster version of VictoriaMetrics adds isPartial). Rows that are no finite number are left out.
struct Answer {
  std::vector<Row> rows;
  std::vector<std::string> warnings;
  bool partial = false;  // some storage nodes did not answer

  // Of an answer that is one number; nothing where it has no row.
  [[nodiscard]] double only(double otherwise) const;
};

// A range query's first series.
struct Trace {
  std::vector<double> values;
};

// Errors: what the server said is wrong with the query (invalid_argument); corrupt: no such answer.
Result<Answer> parse_vector(std::string_view json);
// The same of a range query; without a series it has no values.
Result<Trace> parse_trace(std::string_view json);

}  // namespace assay::fleet

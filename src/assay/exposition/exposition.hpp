// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"

// The text that Prometheus scrapes: its text format 0.0.4 and OpenMetrics 1.0
// (prometheus.io/docs/instrumenting/exposition_formats, openmetrics.io).
namespace assay::exposition {

struct Label {
  std::string name;
  std::string value;  // escapes resolved
  friend bool operator==(const Label&, const Label&) = default;
};
using Labels = std::vector<Label>;

// The value of a label; empty where there is none, as Prometheus has it.
std::string_view label(const Labels& labels, std::string_view name);

// One sample: `name{labels} value`. A timestamp or an exemplar behind it is read and dropped. May
// be NaN or infinite: the text format allows both.
struct Point {
  std::string name;
  Labels labels;
  double value = 0;
};

enum class Kind { untyped, counter, gauge, histogram, summary };

struct Scrape {
  std::vector<Point> points;                       // in the text's order
  std::map<std::string, Kind, std::less<>> kinds;  // of families by their name in "# TYPE"

  [[nodiscard]] Kind kind_of(std::string_view family) const;
};

inline constexpr std::size_t kMostPoints = 200'000;

// Errors: corrupt, "line N: ..." for the first line that is neither a sample nor a comment, for a
// text without any sample, and for one with more than kMostPoints.
Result<Scrape> parse(std::string_view text);

// A sample's name and labels without a value, as in a query: `name{label="value"}`.
struct Selector {
  std::string name;
  Labels labels;
  [[nodiscard]] bool matches(const Point& point) const;
};
// Errors: invalid_argument.
Result<Selector> parse_selector(std::string_view text);

// The name and labels as text again, values escaped.
std::string to_text(std::string_view name, const Labels& labels);

}  // namespace assay::exposition

// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/series_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assay/format/format.hpp"
#include "assay/serve/derived.hpp"
#include "assay/serve/time_text.hpp"
#include "assay/text/nearest.hpp"

namespace assay::serve {
namespace {

constexpr std::int64_t kDefaultSpan = 900'000'000'000;               // 15 minutes
constexpr std::int64_t kMostSpan = 10LL * 366 * 86'400'000'000'000;  // ten years

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

Error no_such_metric(std::string_view name) {
  std::vector<std::string> known(kDerivedIds.begin(), kDerivedIds.end());
  for (const metric::Def& def : metric::all()) known.emplace_back(def.name);
  const auto near = text::nearest_of(name, known, 1);
  return wrong(fmt::format("metric: there is none named \"{}\"{}", name,
                           near.empty() ? "; docs/openapi.json and docs/metrics.md name them"
                                        : fmt::format("; is it \"{}\"?", near[0])));
}

Result<std::vector<SeriesMetric>> parse_metrics(std::string_view list) {
  std::vector<SeriesMetric> metrics;
  // Asked for twice, answered once.
  const auto add = [&](const SeriesMetric& metric) {
    if (std::ranges::find(metrics, metric.name(), &SeriesMetric::name) == metrics.end())
      metrics.push_back(metric);
  };
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view name = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (const auto id = metric::find(name)) add({id, 0});
    else if (const auto derived = find_derived(name)) add({std::nullopt, *derived});
    else return no_such_metric(name);
    if (metrics.size() > kMostMetrics)
      return wrong(fmt::format("metric: at most {} at once", kMostMetrics));
  }
  if (metrics.empty()) return wrong("metric: say which, as in metric=sm_active,ladder.sol");
  return metrics;
}

Result<std::int64_t> time_or(const http::Query& query, std::string_view name, sample::WallTime now,
                             std::int64_t otherwise) {
  const std::string* text = query.find(name);
  if (text == nullptr || text->empty()) return otherwise;
  const auto time = parse_time(*text, now);
  if (!time) return time.error().within(name);
  return time->unix_ns;
}

// "10s", or a bare number of seconds.
Result<Seconds> parse_step(std::string_view text) {
  const bool bare = text.find_first_not_of("0123456789.") == std::string_view::npos;
  auto step = format::parse_duration(bare ? std::string(text) + "s" : std::string(text));
  if (!step) return step.error().within("step");
  return *step;
}

}  // namespace

std::string_view SeriesMetric::name() const {
  return id ? metric::to_string(*id) : kDerivedIds[derived];
}

std::string_view SeriesMetric::unit() const {
  return id ? metric::to_string(metric::def(*id).unit) : unit_of_derived(derived);
}

Result<SeriesRequest> parse_series_request(const http::Query& query, sample::WallTime now,
                                           Seconds period) {
  for (const auto& [name, value] : query.all())
    if (name != "metric" && name != "device" && name != "from" && name != "to" && name != "step")
      return wrong(fmt::format("\"{}\" is no parameter of series", name));
  SeriesRequest request;
  const std::string* metrics = query.find("metric");
  TRY_ASSIGN(request.metrics, parse_metrics(metrics == nullptr ? "" : *metrics));
  if (const std::string* device = query.find("device")) request.device = *device;
  Grid& grid = request.grid;
  TRY_ASSIGN(grid.to_ns, time_or(query, "to", now, now.unix_ns));
  TRY_ASSIGN(grid.from_ns, time_or(query, "from", now, grid.to_ns - kDefaultSpan));
  if (grid.from_ns >= grid.to_ns) return wrong("from: it must be before to");
  if (grid.to_ns - grid.from_ns > kMostSpan) return wrong("from: more than ten years before to");
  Seconds step = period;
  if (const std::string* text = query.find("step"); text != nullptr && !text->empty()) {
    TRY_ASSIGN(step, parse_step(*text));
  }
  // Whole milliseconds, so that a caller can compute with step_s.
  const std::int64_t least =
      (grid.to_ns - grid.from_ns + static_cast<std::int64_t>(kMostPoints) - 1) /
      static_cast<std::int64_t>(kMostPoints);
  const std::int64_t wanted = std::max<std::int64_t>(std::llround(step.value() * 1e9), least);
  grid.step_ns = std::max<std::int64_t>((wanted + 999'999) / 1'000'000, 1) * 1'000'000;
  return request;
}

}  // namespace assay::serve

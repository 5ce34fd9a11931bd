// SPDX-License-Identifier: Apache-2.0
#include "assay/push/otlp.hpp"

#include <cmath>
#include <map>
#include <protozero/pbf_writer.hpp>
#include <string_view>
#include <vector>

namespace assay::push {
namespace {

using exposition::Label;
using exposition::Labels;
using exposition::Point;
using protozero::pbf_tag_type;
using protozero::pbf_writer;

// Field numbers of opentelemetry-proto: collector/metrics/v1/metrics_service.proto,
// metrics/v1/metrics.proto, common/v1/common.proto, resource/v1/resource.proto.
constexpr pbf_tag_type kResourceMetrics = 1;
constexpr pbf_tag_type kResource = 1;
constexpr pbf_tag_type kScopeMetrics = 2;
constexpr pbf_tag_type kScope = 1;
constexpr pbf_tag_type kScopeName = 1;
constexpr pbf_tag_type kMetrics = 2;
constexpr pbf_tag_type kMetricName = 1;
constexpr pbf_tag_type kGauge = 5;
constexpr pbf_tag_type kSum = 7;
constexpr pbf_tag_type kDataPoints = 1;
constexpr pbf_tag_type kTemporality = 2;
constexpr pbf_tag_type kMonotonic = 3;
constexpr pbf_tag_type kStartTime = 2;
constexpr pbf_tag_type kTime = 3;
constexpr pbf_tag_type kAsDouble = 4;
constexpr pbf_tag_type kAttributes = 7;
constexpr pbf_tag_type kResourceAttributes = 1;
constexpr pbf_tag_type kKey = 1;
constexpr pbf_tag_type kValue = 2;
constexpr pbf_tag_type kStringValue = 1;
constexpr int kCumulative = 2;  // AGGREGATION_TEMPORALITY_CUMULATIVE

std::uint64_t nanoseconds(std::int64_t unix_ms) {
  return static_cast<std::uint64_t>(unix_ms) * 1'000'000;
}

void add_attributes(pbf_writer& into, pbf_tag_type field, const Labels& labels) {
  for (const Label& each : labels) {
    pbf_writer pair(into, field);
    pair.add_string(kKey, each.name);
    pbf_writer value(pair, kValue);
    value.add_string(kStringValue, each.value);
  }
}

}  // namespace

std::string otlp_body(const exposition::Scrape& scrape, std::int64_t unix_ms,
                      std::int64_t start_unix_ms, const Labels& resource) {
  std::map<std::string_view, std::vector<const Point*>> families;  // a metric has all its points
  for (const Point& point : scrape.points)
    if (std::isfinite(point.value)) families[point.name].push_back(&point);

  std::string body;
  pbf_writer request(body);
  pbf_writer resource_metrics(request, kResourceMetrics);
  {
    pbf_writer attributes(resource_metrics, kResource);
    add_attributes(attributes, kResourceAttributes, resource);
  }
  pbf_writer scope_metrics(resource_metrics, kScopeMetrics);
  {
    pbf_writer scope(scope_metrics, kScope);
    scope.add_string(kScopeName, "assay");
  }
  for (const auto& [name, points] : families) {
    pbf_writer metric(scope_metrics, kMetrics);
    metric.add_string(kMetricName, name.data(), name.size());
    const bool counter = scrape.kind_of(name) == exposition::Kind::counter;
    pbf_writer data(metric, counter ? kSum : kGauge);
    for (const Point* point : points) {
      pbf_writer one(data, kDataPoints);
      if (counter) one.add_fixed64(kStartTime, nanoseconds(start_unix_ms));
      one.add_fixed64(kTime, nanoseconds(unix_ms));
      one.add_double(kAsDouble, point->value);
      add_attributes(one, kAttributes, point->labels);
    }
    if (!counter) continue;
    data.add_enum(kTemporality, kCumulative);
    data.add_bool(kMonotonic, true);
  }
  scope_metrics.commit();
  resource_metrics.commit();
  return body;
}

}  // namespace assay::push

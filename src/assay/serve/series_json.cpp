// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/series_json.hpp"

#include <fmt/format.h>

#include <iterator>

#include "assay/format/format.hpp"
#include "assay/wire/json_text.hpp"

namespace assay::serve {
namespace {

using wire::append_json;

void append_member(std::string& out, std::string_view name, std::string_view text) {
  append_json(out, name);
  out += ':';
  append_json(out, text);
}

void append_counts(std::string& out, const DeviceSeries& series) {
  out += R"("count":[)";
  for (const store::Bucket& bucket : series.buckets)
    fmt::format_to(std::back_inserter(out), "{},", bucket.count);
  out.back() = ']';  // a grid has one step at least
}

// In single precision: seven digits are more than a picture shows or a counter has.
void append_values(std::string& out, std::string_view name, const DeviceSeries& series,
                   double store::Bucket::* value) {
  fmt::format_to(std::back_inserter(out), R"(,"{}":[)", name);
  for (const store::Bucket& bucket : series.buckets) {
    append_json(out, static_cast<float>(bucket.*value));
    out += ',';
  }
  out.back() = ']';
}

void append_series(std::string& out, const DeviceSeries& series) {
  fmt::format_to(std::back_inserter(out), R"({{"device":{},)", series.device);
  append_member(out, "uuid", series.uuid);
  out += ',';
  append_member(out, "metric", series.metric);
  out += ',';
  append_member(out, "unit", series.unit);
  out += ',';
  append_counts(out, series);
  append_values(out, "min", series, &store::Bucket::min);
  append_values(out, "mean", series, &store::Bucket::mean);
  append_values(out, "max", series, &store::Bucket::max);
  out += '}';
}

}  // namespace

std::string series_json(const Grid& grid, const sample::Origin& origin,
                        std::span<const DeviceSeries> all) {
  std::string out = R"({"schema":"assay.series/1","origin":{)";
  append_member(out, "kind", sample::to_string(origin.kind));
  out += ',';
  append_member(out, "name", origin.name);
  out += "},";
  append_member(out, "from", format::wall_iso({grid.from_ns}));
  out += ',';
  append_member(out, "to", format::wall_iso({grid.to_ns}));
  out += R"(,"step_s":)";
  append_json(out, static_cast<double>(grid.step_ns) / 1e9);
  out += R"(,"series":[)";
  for (const DeviceSeries& series : all) {
    append_series(out, series);
    out += ',';
  }
  if (!all.empty()) out.pop_back();
  return out + "]}";
}

}  // namespace assay::serve

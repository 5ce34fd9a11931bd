// SPDX-License-Identifier: Apache-2.0
#include "assay/push/remote_write.hpp"

#include <snappy.h>

#include <algorithm>
#include <protozero/pbf_writer.hpp>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::push {
namespace {

using exposition::Label;
using exposition::Labels;
using protozero::pbf_writer;

// Field numbers of prometheus/prompb/{remote,types}.proto.
constexpr protozero::pbf_tag_type kTimeseries = 1;
constexpr protozero::pbf_tag_type kLabels = 1;
constexpr protozero::pbf_tag_type kSamples = 2;
constexpr protozero::pbf_tag_type kLabelName = 1;
constexpr protozero::pbf_tag_type kLabelValue = 2;
constexpr protozero::pbf_tag_type kSampleValue = 1;
constexpr protozero::pbf_tag_type kSampleTime = 2;

// By name, as the specification wants them; a label without a value is none.
Labels sorted_labels(const exposition::Point& point, const Labels& target) {
  Labels labels = {{"__name__", point.name}};
  for (const Label& each : point.labels)
    if (!each.value.empty()) labels.push_back(each);
  for (const Label& each : target)
    if (exposition::label(point.labels, each.name).empty()) labels.push_back(each);
  std::ranges::sort(labels, {}, &Label::name);
  return labels;
}

}  // namespace

std::string remote_write_body(const exposition::Scrape& scrape, std::int64_t unix_ms,
                              const Labels& target) {
  std::string message;
  pbf_writer request(message);
  for (const exposition::Point& point : scrape.points) {
    pbf_writer series(request, kTimeseries);
    for (const Label& each : sorted_labels(point, target)) {
      pbf_writer label(series, kLabels);
      label.add_string(kLabelName, each.name);
      label.add_string(kLabelValue, each.value);
    }
    pbf_writer sample(series, kSamples);
    sample.add_double(kSampleValue, point.value);
    sample.add_int64(kSampleTime, unix_ms);
  }
  std::string body;
  snappy::Compress(message.data(), message.size(), &body);
  return body;
}

}  // namespace assay::push

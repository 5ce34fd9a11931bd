// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <snappy.h>

#include <cmath>
#include <map>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <vector>

#include "assay/push/otlp.hpp"
#include "assay/push/remote_write.hpp"

// Read back by field number, as the specifications have them, with no help of the encoders.
namespace assay::push {
namespace {

using protozero::pbf_reader;

constexpr std::int64_t kNow = 1'764'000'000'123;

exposition::Scrape scrape() {
  return *exposition::parse(
      "# TYPE b_total counter\nb_total{z=\"1\",a=\"2\",empty=\"\"} 7\nb_total{z=\"2\"} 8\n"
      "a_ratio{instance=\"mine\"} 0.25\nnone NaN\n");
}

struct Series {
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
  std::int64_t time = 0;
};

std::vector<Series> read_write_request(const std::string& body) {
  std::string message;
  EXPECT_TRUE(snappy::Uncompress(body.data(), body.size(), &message));
  std::vector<Series> all;
  for (pbf_reader request(message); request.next(1);) {
    Series& series = all.emplace_back();
    for (pbf_reader timeseries = request.get_message(); timeseries.next();) {
      pbf_reader part = timeseries.get_message();
      if (timeseries.tag() == 1) {
        EXPECT_TRUE(part.next(1));
        const std::string name = part.get_string();
        EXPECT_TRUE(part.next(2));
        series.labels.emplace_back(name, part.get_string());
      } else {
        EXPECT_TRUE(part.next(1));
        series.value = part.get_double();
        EXPECT_TRUE(part.next(2));
        series.time = part.get_int64();
      }
    }
  }
  return all;
}

TEST(RemoteWrite, SendsEachSeriesWithSortedLabelsAndItsTarget) {
  const auto all = read_write_request(
      remote_write_body(scrape(), kNow, {{"job", "assay"}, {"instance", "host"}}));
  ASSERT_EQ(all.size(), 4U);
  using Labels = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(all[0].labels, (Labels{{"__name__", "b_total"},
                                   {"a", "2"},
                                   {"instance", "host"},
                                   {"job", "assay"},
                                   {"z", "1"}}));
  EXPECT_EQ(all[0].value, 7);
  EXPECT_EQ(all[0].time, kNow);
  EXPECT_EQ(all[2].labels,
            (Labels{{"__name__", "a_ratio"}, {"instance", "mine"}, {"job", "assay"}}));
  EXPECT_TRUE(std::isnan(all[3].value));
}

struct DataPoint {
  double value = 0;
  std::uint64_t start = 0;
  std::uint64_t time = 0;
  std::map<std::string, std::string> attributes;
};
struct Metric {
  bool sum = false;
  int temporality = 0;
  bool monotonic = false;
  std::vector<DataPoint> points;
};

std::pair<std::string, std::string> read_attribute(pbf_reader pair) {
  std::pair<std::string, std::string> out;
  while (pair.next()) {
    if (pair.tag() == 1) {
      out.first = pair.get_string();
    } else {
      pbf_reader any = pair.get_message();
      EXPECT_TRUE(any.next(1));
      out.second = any.get_string();
    }
  }
  return out;
}

DataPoint read_point(pbf_reader message) {
  DataPoint point;
  while (message.next()) switch (message.tag()) {
      case 2: point.start = message.get_fixed64(); break;
      case 3: point.time = message.get_fixed64(); break;
      case 4: point.value = message.get_double(); break;
      case 7: point.attributes.insert(read_attribute(message.get_message())); break;
      default: ADD_FAILURE() << "field " << message.tag();
    }
  return point;
}

Metric read_metric(pbf_reader message, std::string& name) {
  Metric metric;
  while (message.next()) {
    if (message.tag() == 1) {
      name = message.get_string();
      continue;
    }
    metric.sum = message.tag() == 7;
    EXPECT_TRUE(metric.sum || message.tag() == 5);
    for (pbf_reader data = message.get_message(); data.next();) {
      if (data.tag() == 1) metric.points.push_back(read_point(data.get_message()));
      else if (data.tag() == 2) metric.temporality = data.get_enum();
      else metric.monotonic = data.get_bool();
    }
  }
  return metric;
}

TEST(Otlp, SendsGaugesAndCumulativeSums) {
  const std::string body = otlp_body(scrape(), kNow, kNow - 1000, {{"service.name", "assay"}});
  std::map<std::string, Metric> metrics;
  std::map<std::string, std::string> resource;
  pbf_reader request(body);
  ASSERT_TRUE(request.next(1));
  for (pbf_reader group = request.get_message(); group.next();) {
    pbf_reader part = group.get_message();
    if (group.tag() == 1) {
      while (part.next(1)) resource.insert(read_attribute(part.get_message()));
      continue;
    }
    while (part.next()) {
      pbf_reader each = part.get_message();
      if (part.tag() != 2) continue;
      std::string name;
      const Metric metric = read_metric(each, name);
      EXPECT_TRUE(metrics.emplace(name, metric).second) << name << " came twice";
    }
  }
  EXPECT_FALSE(request.next());
  EXPECT_EQ(resource["service.name"], "assay");
  ASSERT_EQ(metrics.size(), 2U);  // NaN is left out
  const Metric& sum = metrics["b_total"];
  EXPECT_TRUE(sum.sum && sum.monotonic);
  EXPECT_EQ(sum.temporality, 2);
  ASSERT_EQ(sum.points.size(), 2U);
  EXPECT_EQ(sum.points[0].value, 7);
  EXPECT_EQ(sum.points[0].start, static_cast<std::uint64_t>(kNow - 1000) * 1'000'000);
  EXPECT_EQ(sum.points[0].time, static_cast<std::uint64_t>(kNow) * 1'000'000);
  EXPECT_EQ(sum.points[0].attributes.at("z"), "1");
  const Metric& gauge = metrics["a_ratio"];
  EXPECT_FALSE(gauge.sum);
  EXPECT_EQ(gauge.points.at(0).value, 0.25);
  EXPECT_EQ(gauge.points.at(0).start, 0U);
}

}  // namespace
}  // namespace assay::push

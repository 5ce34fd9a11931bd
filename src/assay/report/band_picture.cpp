// SPDX-License-Identifier: Apache-2.0
#include "assay/report/band_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assay/format/format.hpp"
#include "assay/svg/svg.hpp"

namespace assay::report {
namespace {

using svg::Point;

constexpr double kWidth = 1000;
constexpr double kLeft = 52;
constexpr double kRight = 8;
constexpr double kStrip = 16;  // of the causes, below a band
constexpr double kLabel = 22;  // above a band
constexpr double kGap = 14;
constexpr std::size_t kMostMarks = 60;

// Of few devices taller bands.
double band_height(std::size_t devices) { return devices <= 2 ? 150 : devices <= 4 ? 110 : 70; }

class Drawing {
 public:
  Drawing(const Report& report, bool alone) : report_(report), alone_(alone) {}

  BandPicture draw() {
    double y = 4;
    if (alone_) y = heading();
    for (std::size_t i = 0; i < std::min(report_.bands.size(), kMostDevices); ++i)
      y = device(report_.bands[i], y);
    axis(y);
    return {std::move(out_), kWidth, y + 26};
  }

 private:
  [[nodiscard]] double inner() const { return kWidth - kLeft - kRight; }
  [[nodiscard]] double length() const {
    return std::max(static_cast<double>(report_.to.unix_ns - report_.from.unix_ns) * 1e-9, 1e-3);
  }
  [[nodiscard]] double x_of(const Band& band, std::size_t bucket) const {
    return kLeft + inner() * static_cast<double>(bucket) / static_cast<double>(band.buckets.size());
  }

  double heading() {
    const bool simulated = report_.recorded.kind == sample::OriginKind::simulation;
    out_ += svg::rect(0, 0, kWidth, 4000, "back");
    out_ += svg::text({kLeft, 24},
                      fmt::format("The ladder through time: {}{}", report_.name,
                                  simulated ? " of SIMULATED " + report_.recorded.name : ""),
                      "name");
    double x = kLeft;
    for (std::size_t part = 0; part < kParts.size(); ++part) {
      if (kParts[part] == "useful" || kParts[part] == "overwork") continue;
      out_ += svg::rect(x, 36, 12, 12, kParts[part]);
      out_ += svg::text({x + 17, 46}, title_of(part), "key");
      x += 34 + 6.6 * static_cast<double>(title_of(part).size());
    }
    return 60;
  }

  double device(const Band& band, double y) {
    const double height = band_height(report_.bands.size());
    out_ += svg::text({kLeft, y + 15}, label(band), "name");
    const double top = y + kLabel;
    for (const double share : {0.0, 0.5, 1.0}) {
      const double at = top + height * (1 - share);
      out_ += svg::line({kLeft, at}, {kWidth - kRight, at}, "grid");
      out_ += svg::text({kLeft - 6, at + 4}, fmt::format("{:.0f} %", share * 100), "tick", "end");
    }
    for (std::size_t part = 0; part < kParts.size(); ++part) areas(band, part, top, height);
    marks(band.device, top, height);
    strip(band, top + height + 3);
    return top + height + kStrip + kGap;
  }

  [[nodiscard]] std::string label(const Band& band) const {
    std::string text = fmt::format("GPU {}", band.device);
    for (const appraise::Appraisal& device : report_.whole.devices)
      if (device.facts.index == band.device) text += " · " + device.facts.name;
    if (band.paid_usd > 0 && band.seconds > 0)
      text += fmt::format(" · loses {}{} of {}", band.floor ? "at least " : "",
                          format::dollars(DollarsPerHour(band.lost_usd / band.seconds * 3600)),
                          format::dollars(DollarsPerHour(band.paid_usd / band.seconds * 3600)));
    return text;
  }

  // One closed step-shaped area for each stretch without a gap.
  void areas(const Band& band, std::size_t part, double top, double height) {
    std::vector<Point> upper;
    std::vector<Point> lower;
    double most = 0;
    const auto flush = [&] {
      if (most > 0.0005) {
        upper.insert(upper.end(), lower.rbegin(), lower.rend());
        out_ += svg::path(upper, kParts[part], true, title_of(part));
      }
      upper.clear();
      lower.clear();
      most = 0;
    };
    const auto step = [](std::vector<Point>& edge, double x0, double x1, double y) {
      if (edge.size() >= 2 && std::abs(edge.back().y - y) < 0.05) {
        edge.back().x = x1;
        return;
      }
      edge.push_back({x0, y});
      edge.push_back({x1, y});
    };
    for (std::size_t i = 0; i < band.buckets.size(); ++i) {
      const Bucket& bucket = band.buckets[i];
      if (bucket.seconds <= 0) {
        flush();
        continue;
      }
      double below = 0;
      for (std::size_t p = 0; p < part; ++p) below += bucket.share[p];
      most = std::max(most, bucket.share[part]);
      step(lower, x_of(band, i), x_of(band, i + 1), top + height * (1 - below));
      step(upper, x_of(band, i), x_of(band, i + 1),
           top + height * (1 - std::min(below + bucket.share[part], 1.0)));
    }
    flush();
  }

  void marks(int device, double top, double height) {
    std::size_t drawn = 0;
    for (const sample::Event& event : report_.events) {
      if (event.device >= 0 && event.device != device) continue;
      if (event.kind == "kernel" || event.kind == "run" || ++drawn > kMostMarks) continue;
      const double at = static_cast<double>(event.at.unix_ns - report_.from.unix_ns) * 1e-9;
      if (at < 0 || at > length()) continue;
      const double x = kLeft + inner() * at / length();
      out_ += svg::line({x, top}, {x, top + height}, "mark");
    }
  }

  // The first cause through time; its name where there is room.
  void strip(const Band& band, double y) {
    for (std::size_t i = 0; i < band.buckets.size();) {
      const auto cause = band.buckets[i].cause();
      std::size_t end = i + 1;
      while (end < band.buckets.size() && band.buckets[end].cause() == cause) ++end;
      if (cause) {
        const causes::CauseInfo& about = causes::info(*cause);
        const double x = x_of(band, i);
        const double width = x_of(band, end) - x;
        out_ += svg::rect(x, y, width, kStrip - 3, cause_class(report_, *cause), about.title);
        if (width > 6.2 * static_cast<double>(about.title.size()) + 6)
          out_ += svg::text({x + 4, y + 10}, about.title, "on");
      }
      i = end;
    }
  }

  void axis(double y) {
    for (const double at : svg::ticks(length(), 8)) {
      const double x = kLeft + inner() * at / length();
      out_ += svg::text({x, y + 10}, length() < 600 ? fmt::format("{:g} s", at) : clock(at), "tick",
                        at == 0 ? "start" : "middle");
    }
  }

  [[nodiscard]] std::string clock(double after) const {
    const sample::WallTime at{report_.from.unix_ns + static_cast<std::int64_t>(after * 1e9)};
    return format::wall_text(at).substr(11, 5);
  }

  const Report& report_;
  bool alone_;
  std::string out_;
};

}  // namespace

std::string cause_class(const Report& report, causes::Cause cause) {
  if (cause == causes::Cause::healthy) return "healthy";
  int place = 0;
  for (const auto& [other, seconds] : causes_by_time(report)) {
    if (other == cause) break;
    place += other == causes::Cause::healthy ? 0 : 1;
  }
  return fmt::format("c{}", place % 8);
}

BandPicture band_picture(const Report& report, bool alone) { return Drawing(report, alone).draw(); }

std::string ladder_svg(const Report& report) {
  const BandPicture picture = band_picture(report, true);
  return svg::document({.width = picture.width,
                        .height = picture.height,
                        .title = "The ladder of each device through time",
                        .style = colours()},
                       picture.body);
}

}  // namespace assay::report

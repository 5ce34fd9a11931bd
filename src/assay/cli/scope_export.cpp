// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "assay/base/counted.hpp"
#include "assay/causes/diagnose.hpp"
#include "assay/cli/scope_view.hpp"
#include "assay/ladder/duty.hpp"
#include "assay/svg/svg.hpp"
#include "assay/wire/findings_json.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;
using wire::number;

namespace {

using sample::Channel;
using sample::Tick;
using sample::Timeline;

std::string_view word(ladder::Duty::Shape shape) {
  switch (shape) {
    case ladder::Duty::Shape::full: return "full";
    case ladder::Duty::Shape::half_the_sms: return "part-of-the-sms";
    case ladder::Duty::Shape::half_the_time: return "part-of-the-time";
    case ladder::Duty::Shape::both: return "both";
  }
  return "both";
}

Json duty_json(const Timeline& timeline) {
  const auto duty = ladder::duty_of(timeline);
  if (!duty) return nullptr;
  return {{"on", duty->on.value()}, {"fill", duty->fill.value()}, {"shape", word(duty->shape)}};
}

std::int64_t begin_of(const Timeline& timeline) {
  return timeline.ticks.empty() ? 0 : timeline.ticks.front().begin_ns;
}

Json series_json(const Timeline& timeline) {
  Json begin = Json::array();
  for (const Tick& tick : timeline.ticks) begin.push_back(tick.begin_ns - begin_of(timeline));
  Json out = {{"begin_ns", std::move(begin)}};
  for (const Channel channel : timeline.channels) {
    Json values = Json::array();
    for (const Tick& tick : timeline.ticks) {
      const double share = tick.at(channel);
      // Four places are finer than the counters.
      values.push_back(std::isfinite(share) ? Json(std::round(share * 1e4) / 1e4) : Json(nullptr));
    }
    out[sample::to_string(channel)] = std::move(values);
  }
  return out;
}

constexpr double kSvgWidth = 1000;
constexpr double kSvgLeft = 110;
constexpr double kBand = 46;

// One channel's row: an area for each stretch of slices without a gap.
std::string band(const std::vector<Tick>& slices, Channel channel, double top) {
  const double step = (kSvgWidth - kSvgLeft - 10) / static_cast<double>(slices.size());
  const double bottom = top + kBand - 8;
  std::string out = svg::text({8, top + kBand / 2}, sample::to_string(channel), "name") +
                    svg::line({kSvgLeft, bottom}, {kSvgWidth - 10, bottom}, "axis");
  std::vector<svg::Point> area;
  const auto flush = [&] {
    if (!area.empty()) area.push_back({area.back().x, bottom});
    out += svg::path(area, "area", true);
    area.clear();
  };
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const double share = slices[i].at(channel);
    if (!std::isfinite(share)) {
      flush();
      continue;
    }
    const double x = kSvgLeft + step * static_cast<double>(i);
    const double y = bottom - std::clamp(share, 0.0, 1.0) * (kBand - 12);
    if (area.empty()) area.push_back({x, bottom});
    area.push_back({x, y});
    area.push_back({x + step, y});
  }
  flush();
  return out;
}

Json active_json(const Timeline& timeline) {
  const causes::Magnified seen = causes::magnified(timeline);
  return {{"lanes", number(seen.lanes)}, {"issue", number(seen.issue)}};
}

}  // namespace

std::string scope_json(const Timeline& timeline, const ScopeSubject& subject) {
  Json channels = Json::array();
  Json means = Json::object();
  for (const Channel channel : timeline.channels) {
    channels.push_back(sample::to_string(channel));
    means[sample::to_string(channel)] = number(ladder::mean_of(timeline, channel));
  }
  return line_of({{"schema", "assay.scope/1"},
                  {"device", subject.device},
                  {"name", subject.name.empty() ? Json(nullptr) : Json(subject.name)},
                  {"interval_s", timeline.interval.value()},
                  {"wanted_s", subject.wanted.value()},
                  {"ticks", timeline.ticks.size()},
                  {"lost", timeline.losses.lost},
                  {"discarded", timeline.losses.discarded},
                  {"overflows", timeline.losses.overflows},
                  {"channels", std::move(channels)},
                  {"mean", std::move(means)},
                  {"duty", duty_json(timeline)},
                  {"while_active", active_json(timeline)},
                  {"findings", wire::findings_json(causes::diagnose(timeline))},
                  {"timeline", series_json(timeline)}});
}

std::string scope_svg(const Timeline& timeline, const ScopeSubject& subject) {
  const auto columns = slices(timeline, 880);
  const double height = 40 + kBand * static_cast<double>(timeline.channels.size()) + 20;
  const std::string title = fmt::format("GPU {}: {} of {:g} us, {} lost", subject.device,
                                        counted(timeline.ticks.size(), "tick"),
                                        timeline.interval.value() * 1e6, timeline.losses.lost);
  std::string out = svg::rect(0, 0, kSvgWidth, height, "back") + svg::text({8, 24}, title, "title");
  double top = 40;
  for (const Channel channel : timeline.channels) {
    out += band(columns, channel, top);
    top += kBand;
  }
  return svg::document({.width = kSvgWidth,
                        .height = height,
                        .title = title,
                        .style = "text{font:13px sans-serif}.title{font-weight:bold}"
                                 ".back{fill:#fff}.axis{stroke:#999}"
                                 ".area{fill:#2b7a78;fill-opacity:.35;stroke:#2b7a78}"},
                       out);
}

std::string scope_trace(const Timeline& timeline, const ScopeSubject& subject) {
  std::string out = "{\"traceEvents\":[\n";
  const std::int64_t begin = begin_of(timeline);
  bool first = true;
  for (const Tick& tick : timeline.ticks)
    for (const Channel channel : timeline.channels) {
      const double share = tick.at(channel);
      if (!std::isfinite(share)) continue;
      fmt::format_to(std::back_inserter(out),
                     "{}{{\"ph\":\"C\",\"pid\":{},\"name\":\"{} "
                     "%\",\"ts\":{:.3f},\"args\":{{\"value\":{:.2f}}}}}",
                     first ? "" : ",\n", subject.device, sample::to_string(channel),
                     static_cast<double>(tick.begin_ns - begin) * 1e-3, share * 100);
      first = false;
    }
  return out + "\n]}\n";
}

}  // namespace assay::cli

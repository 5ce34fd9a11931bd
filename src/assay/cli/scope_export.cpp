// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "assay/causes/diagnose.hpp"
#include "assay/cli/scope_view.hpp"
#include "assay/format/format.hpp"
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
  const auto duty = ladder::duty_of(timeline.sums());
  if (!duty) return nullptr;
  return {{"on", duty->on.value()}, {"fill", duty->fill.value()}, {"shape", word(duty->shape)}};
}

std::int64_t begin_of(const Timeline& timeline) {
  return timeline.ticks().empty() ? 0 : timeline.ticks().front().begin_ns;
}

Json series_json(const Timeline& timeline) {
  Json begin = Json::array();
  for (const Tick& tick : timeline.ticks()) begin.push_back(tick.begin_ns - begin_of(timeline));
  Json out = {{"begin_ns", std::move(begin)}};
  for (const Channel channel : timeline.channels) {
    Json values = Json::array();
    for (const Tick& tick : timeline.ticks()) {
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
constexpr double kSvgRight = 80;
constexpr double kSvgTop = 60;
constexpr int kSlices = 810;
constexpr double kBand = 46;

// One channel's row: an area for each stretch of slices without a gap.
std::string band(const std::vector<Tick>& slices, Channel channel, double top) {
  const double step = (kSvgWidth - kSvgLeft - kSvgRight) / static_cast<double>(slices.size());
  const double bottom = top + kBand - 8;
  const double full = top + 4;
  std::string out = svg::text({8, top + kBand / 2}, sample::to_string(channel), "name") +
                    svg::line({kSvgLeft, bottom}, {kSvgWidth - kSvgRight, bottom}, "axis") +
                    svg::line({kSvgLeft, full}, {kSvgWidth - kSvgRight, full}, "full");
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
  const causes::Magnified seen = causes::magnified(timeline.sums());
  return {{"lanes", number(seen.lanes)}, {"issue", number(seen.issue)}};
}

}  // namespace

std::string scope_json(const Timeline& timeline, const ScopeSubject& subject) {
  Json channels = Json::array();
  Json means = Json::object();
  for (const Channel channel : timeline.channels) {
    channels.push_back(sample::to_string(channel));
    means[sample::to_string(channel)] = number(ladder::mean_of(timeline.sums(), channel));
  }
  const std::string& ended = timeline.losses.ended;
  return line_of(
      {{"schema", "assay.scope/1"},
       {"device", subject.device},
       {"name", subject.name.empty() ? Json(nullptr) : Json(subject.name)},
       {"usd_per_hour", number(subject.board.price)},
       {"price_source", subject.price_source.empty() ? Json(nullptr) : Json(subject.price_source)},
       {"interval_s", timeline.interval.value()},
       {"wanted_s", subject.wanted.value()},
       {"ticks", timeline.sums().count()},
       {"merged", timeline.merged()},
       {"lost", timeline.losses.lost},
       {"discarded", timeline.losses.discarded},
       {"overflows", timeline.losses.overflows},
       {"ended", ended.empty() ? Json(nullptr) : Json(ended)},
       {"channels", std::move(channels)},
       {"mean", std::move(means)},
       {"duty", duty_json(timeline)},
       {"while_active", active_json(timeline)},
       {"findings", wire::findings_json(causes::diagnose(timeline.sums(), subject.board))},
       {"timeline", series_json(timeline)}});
}

std::string scope_svg(const Timeline& timeline, const ScopeSubject& subject) {
  const auto columns = slices(timeline, kSlices);
  const std::string title = scope_title(timeline, subject);
  const double bottom = kSvgTop + kBand * static_cast<double>(timeline.channels.size());
  const double height = bottom + 26;
  std::string out = svg::rect(0, 0, kSvgWidth, height, "back") +
                    svg::text({8, 24}, title, "title") +
                    svg::text({8, 44}, scope_summary(timeline), "name");
  double top = kSvgTop;
  for (const Channel channel : timeline.channels) {
    const auto mean = ladder::mean_of(timeline.sums(), channel);
    out +=
        band(columns, channel, top) + svg::text({kSvgWidth - 8, top + kBand / 2},
                                                mean ? format::percent(*mean) : "unknown", "mean");
    top += kBand;
  }
  out += svg::text({kSvgLeft, bottom + 12}, "0", "time") +
         svg::text({kSvgWidth - kSvgRight, bottom + 12}, scope_span(timeline), "time end");
  return svg::document({.width = kSvgWidth,
                        .height = height,
                        .title = title,
                        .style = "text{font:13px sans-serif}.title{font-weight:bold}"
                                 ".back{fill:#fff}.axis{stroke:#999}.full{stroke:#ddd}"
                                 ".mean,.end{text-anchor:end}.time{fill:#666}"
                                 ".area{fill:#2b7a78;fill-opacity:.35;stroke:#2b7a78}"},
                       out);
}

}  // namespace assay::cli

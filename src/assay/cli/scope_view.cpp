// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/scope_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "assay/base/counted.hpp"
#include "assay/format/format.hpp"
#include "assay/ladder/duty.hpp"

namespace assay::cli {

using format::percent;

namespace {

using sample::Channel;
using sample::Tick;
using sample::Timeline;

constexpr int kNameWidth = 12;
constexpr int kMeanWidth = 9;

// Eighths of a line's height; a share above zero is never drawn as nothing.
std::string block(const Style& style, float share) {
  static constexpr std::array<std::string_view, 9> kBlocks = {" ", "▁", "▂", "▃", "▄",
                                                              "▅", "▆", "▇", "█"};
  static constexpr std::string_view kAscii = " .:-=+*%#";
  if (!std::isfinite(share)) return "?";
  const double level = std::clamp(static_cast<double>(share), 0.0, 1.0) * 8;
  const auto index = static_cast<std::size_t>(level > 0 ? std::max(1.0, std::round(level)) : 0.0);
  return style.unicode ? std::string(kBlocks[index]) : std::string(1, kAscii[index]);
}

// From the first slice to the last.
std::string axis(const Style& style, const Timeline& timeline, int width) {
  const std::string end = scope_span(timeline);
  const int room = std::max(1, width - 1 - static_cast<int>(end.size()));
  return paint(style, Tone::faint,
               fmt::format("  {}0{}{}\n", std::string(kNameWidth, ' '),
                           std::string(static_cast<std::size_t>(room), ' '), end));
}

std::string note_on_the_end(const Style& style, const Timeline& timeline) {
  if (timeline.losses.ended.empty()) return "";
  const std::string note = fmt::format(
      "The look ended early: the device's buffer ran over, and then {}", timeline.losses.ended);
  return "\n" + paint(style, Tone::warn, wrap(note, style.width, 2)) + "\n";
}

}  // namespace

std::string scope_span(const Timeline& timeline) {
  constexpr double kSeconds = 10;
  const auto ticks = timeline.ticks();
  if (ticks.empty()) return "0 ms";
  const double time = static_cast<double>(ticks.back().end_ns - ticks.front().begin_ns) * 1e-9;
  return time < kSeconds ? fmt::format("{:.4g} ms", time * 1e3) : fmt::format("{:.5g} s", time);
}

namespace {

// With slices as long as the longest tick, each finds a tick's middle where none was lost.
double longest_ns(std::span<const Tick> ticks) {
  std::int64_t longest = 1;
  for (const Tick& tick : ticks) longest = std::max(longest, tick.end_ns - tick.begin_ns);
  return static_cast<double>(longest);
}

}  // namespace

std::string scope_summary(const Timeline& timeline) {
  const auto duty = ladder::duty_of(timeline.sums());
  const auto mean = ladder::mean_of(timeline.sums(), Channel::sm_active);
  if (!duty || !mean)
    return "What share of the SMs had work is unknown: the channel was not measured.";
  const std::string figures = fmt::format("SM active {}: {} of the time, {} of the SMs while on",
                                          percent(*mean), percent(duty->on), percent(duty->fill));
  switch (duty->shape) {
    case ladder::Duty::Shape::full: return figures + ".";
    case ladder::Duty::Shape::half_the_sms:
      return figures + ". SMs are empty, not time: larger grids.";
    case ladder::Duty::Shape::half_the_time:
      return figures + ". Time is empty, not SMs: close the gaps.";
    case ladder::Duty::Shape::both: return figures + ". Both SMs and time are empty.";
  }
  return figures;
}

std::string scope_title(const Timeline& timeline, const ScopeSubject& subject) {
  return fmt::format("GPU {}  {}   {} of {:g} us over {}, {} lost", subject.device,
                     printable(subject.name), counted(timeline.sums().count(), "tick"),
                     timeline.interval.value() * 1e6, scope_span(timeline), timeline.losses.lost);
}

std::vector<Tick> slices(const Timeline& timeline, int most) {
  const auto ticks = timeline.ticks();
  if (ticks.empty()) return {};
  const std::int64_t begin = ticks.front().begin_ns;
  const double length = static_cast<double>(ticks.back().end_ns - begin);
  const int columns = std::clamp(static_cast<int>(length / longest_ns(ticks)), 1, most);
  Tick empty;
  empty.share.fill(std::numeric_limits<float>::quiet_NaN());
  std::vector<Tick> out(static_cast<std::size_t>(columns), empty);
  std::vector<std::array<int, sample::kChannelCount>> counts(out.size());
  for (const Tick& tick : ticks) {
    const double middle = static_cast<double>(tick.begin_ns - begin + tick.end_ns - begin) / 2;
    const double place = middle / length * columns;
    const auto slice = static_cast<std::size_t>(std::clamp(place, 0.0, columns - 1.0));
    for (std::size_t i = 0; i < sample::kChannelCount; ++i) {
      if (!std::isfinite(tick.share[i])) continue;
      const auto n = static_cast<float>(counts[slice][i]++);
      float& mean = out[slice].share[i];
      mean = n == 0 ? tick.share[i] : mean + (tick.share[i] - mean) / (n + 1);
    }
  }
  return out;
}

std::string scope_view(const Style& style, const Timeline& timeline, const ScopeSubject& subject) {
  std::string out = paint(style, Tone::strong, scope_title(timeline, subject)) + "\n";
  out += paint(style, Tone::strong, wrap(scope_summary(timeline), style.width, 2)) + "\n\n";
  const int width = style.width - 2 - kNameWidth - kMeanWidth;
  const std::vector<Tick> columns = slices(timeline, width);
  for (const Channel channel : timeline.channels) {
    out += "  " + fit_left(style, sample::to_string(channel), kNameWidth);
    for (const Tick& slice : columns) out += block(style, slice.at(channel));
    const auto mean = ladder::mean_of(timeline.sums(), channel);
    out += fit_right(mean ? percent(*mean) : "unknown", kMeanWidth) + "\n";
  }
  return out + axis(style, timeline, static_cast<int>(columns.size())) +
         note_on_the_end(style, timeline);
}

}  // namespace assay::cli

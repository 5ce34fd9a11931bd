// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "assay/format/format.hpp"
#include "assay/format/text.hpp"
#include "assay/tui/views.hpp"

namespace assay::tui {
namespace {

using format::printable;

constexpr int kOriginRoom = 20;  // below it the name of the file goes before that of the program

std::string length_of(Seconds length) {
  const auto total = static_cast<std::int64_t>(length.value() + 0.5);
  if (total < 60) return fmt::format("{} s", total);
  if (total < 3600) return fmt::format("{} min {:02} s", total / 60, total % 60);
  return fmt::format("{} h {:02} min", total / 3600, total / 60 % 60);
}

std::string dollars(Dollars amount) {
  const double value = amount.value();
  if (value > 0 && value < 0.01) return fmt::format("${:.4f}", value);
  return fmt::format("${:.2f}", value);
}

// A file's own name, its middle left out where there is no room for it.
std::string short_name_of(std::string_view path, const Look& look, int room) {
  path.remove_prefix(path.find_last_of('/') + 1);
  const std::string name = printable(path);
  const std::string_view dots = look.unicode ? "…" : "~";
  const int left = std::max(room, 8) - 1;
  if (static_cast<int>(name.size()) <= left + 1) return name;
  const auto tail = static_cast<std::size_t>(left / 2);
  return fmt::format("{}{}{}", name.substr(0, static_cast<std::size_t>(left) - tail), dots,
                     name.substr(name.size() - tail));
}

Span origin(const Frame& frame, const Look& look, int room) {
  const bool measured = frame.origin.kind == sample::OriginKind::device;
  const std::string name = short_name_of(frame.origin.name, look, measured ? room : room - 10);
  switch (frame.origin.kind) {
    case sample::OriginKind::device: return {name, Tone::plain, 0, false, true};
    case sample::OriginKind::recording: return {"RECORDING " + name, Tone::warn, 0, false, true};
    case sample::OriginKind::simulation: return {"SIMULATED " + name, Tone::warn, 0, false, true};
  }
  return {};
}

Span moment(const State& state, const Source& source) {
  if (!state.paused && source.live()) return {"LIVE", Tone::good, 0, false, true};
  if (!state.paused && state.position < source.last())
    return {fmt::format("PLAYING {}x", state.speed), Tone::good, 0, false, true};
  const double behind =
      static_cast<double>(source.last() - state.position) * source.period().value();
  if (source.live())
    return {fmt::format("PAUSED {} ago", length_of(Seconds(behind))), Tone::warn, 0, false, true};
  const bool over = state.position == source.last();
  return {over ? "AT THE END" : "PAUSED", Tone::warn, 0, false, true};
}

// Why nobody knows what is lost now: no price, or no device with one answers. What was lost before
// stays known.
std::string no_rate(const Frame& frame, bool narrow) {
  const DeviceFrame* gone = nullptr;
  for (const DeviceFrame& device : frame.devices)
    if (device.cost.per_hour && (gone == nullptr || device.presence == sample::Presence::lost))
      gone = &device;
  if (gone == nullptr) return "$ unknown: no price for this chip (--price gives one)";
  return fmt::format("lost: unknown ({}), {}{} in {}",
                     gone->presence == sample::Presence::lost ? "device lost" : "no answer",
                     narrow ? ">" : "at least ", dollars(frame.running.lost),
                     length_of(frame.running.over));
}

std::string money(const Frame& frame, bool narrow) {
  const LossRate rate = loss_rate(frame);
  if (!rate.lost) return no_rate(frame, narrow);
  const double share = rate.paid->value() > 0 ? rate.lost->value() / rate.paid->value() : 0;
  const std::string_view floor = narrow ? ">" : "at least ";
  const std::string_view least = rate.at_least ? floor : "";
  const std::string_view since = frame.running.is_floor ? floor : "";
  return fmt::format("losing {}{} of {} ({:.0f} %), {}{} in {}", least, format::dollars(*rate.lost),
                     format::dollars(*rate.paid), share * 100, since, dollars(frame.running.lost),
                     length_of(frame.running.over));
}

}  // namespace

void title(Page& page, const State& state, const Source& source, const Frame& frame) {
  Row row;
  const std::string_view program = "assay top  ";
  const std::string when = fmt::format("  {}  ", format::wall_text(frame.at));
  const Span now = moment(state, source);
  const int room = page.size.columns - format::columns(when) - format::columns(now.text);
  const bool roomy = room - format::columns(program) >= kOriginRoom;
  if (roomy) row.spans.push_back({std::string(program), Tone::faint});
  row.spans.push_back(origin(frame, page.look, room - (roomy ? format::columns(program) : 0)));
  row.spans.push_back({when, Tone::plain});
  row.spans.push_back(now);
  page.add(std::move(row));
  const std::string held = fmt::format("{} GPU{}, {} process{}", frame.devices.size(),
                                       frame.devices.size() == 1 ? "" : "s", frame.processes.size(),
                                       frame.processes.size() == 1 ? "" : "es");
  const std::string lost = money(frame, page.size.columns < 76);
  const int gap = page.size.columns - format::columns(lost) - format::columns(held);
  Row second;
  second.spans.push_back({lost, Tone::bad, 0, false, true});
  if (gap >= 2)
    second.spans.push_back({held, Tone::faint, page.size.columns - format::columns(lost), true});
  page.add(std::move(second));
}

void timeline(Page& page, const State& state, Source& source, const Frame& frame) {
  const std::int64_t first = source.first();
  const std::int64_t last = source.last();
  const std::string left = format::wall_text(frame.at).substr(11);
  const std::string right = fmt::format("{} of {}", state.position - first + 1, last - first + 1);
  const int width = page.size.columns - format::columns(left) - format::columns(right) - 4;
  if (width < 10) return page.line(right, Tone::faint);
  const double span = std::max<double>(1, static_cast<double>(last - first));
  const int mark =
      static_cast<int>(static_cast<double>(state.position - first) / span * (width - 1));
  const int start = format::columns(left) + 2;
  for (int x = 0; x < width; ++x)
    page.hits.push_back({Hit::What::window, page.y(), start + x, start + x + 1,
                         first + static_cast<std::int64_t>(x * span / (width - 1) + 0.5)});
  std::string before;
  std::string after;
  for (int x = 0; x < mark; ++x) before += page.look.unicode ? "━" : "=";
  for (int x = mark + 1; x < width; ++x) after += page.look.unicode ? "─" : "-";
  page.add({{{left + "  ", Tone::plain},
             {before, Tone::note},
             {page.look.unicode ? "●" : "O", Tone::note, 1, false, true},
             {after, Tone::faint},
             {"  " + right, Tone::faint}}});
}

}  // namespace assay::tui

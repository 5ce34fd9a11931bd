// SPDX-License-Identifier: Apache-2.0
#include "assay/tui/picture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assay/tui/views.hpp"

namespace assay::tui {
namespace {

// Lines of each part; the rest of the screen is titles, headers and the keys.
struct Layout {
  int engine = 0;
  int devices = 0;
  int detail = 0;
  int processes = 0;
  bool timeline = false;
};

Layout layout(const State& state, const Source& source, const Frame& frame, std::size_t processes,
              int rows) {
  Layout out;
  out.timeline = state.paused || !source.live();
  int rest = rows - 2 - 1 - 1 - (out.timeline ? 1 : 0);  // title, header of devices, keys
  if (frame.engine) out.engine = rows >= 20 ? 2 : 1;
  rest -= out.engine;
  const int devices = static_cast<int>(frame.devices.size());
  out.devices = std::min(devices, std::max(1, rest * 9 / 20));
  rest -= out.devices;
  if (state.large) {
    out.detail = rest;
    return out;
  }
  rest -= 1;  // header of processes
  const int wanted = std::max(static_cast<int>(processes) + 1, 3);
  out.processes =
      std::clamp(wanted, std::min(rest, 3), std::max(rest - std::max(rest * 6 / 10, 4), 1));
  out.detail = std::max(rest - out.processes, 0);
  return out;
}

void hold(std::size_t& at, std::size_t& top, std::size_t count, int lines) {
  const auto visible = static_cast<std::size_t>(std::max(lines, 1));
  at = count == 0 ? 0 : std::min(at, count - 1);
  if (at < top) top = at;
  if (at >= top + visible) top = at - visible + 1;
  top = std::min(top, count > visible ? count - visible : 0);
}

void whole(Page& page, State& state, Source& source, const Frame& frame, Drawn& drawn) {
  const std::vector<std::size_t> order = device_order(frame, state);
  state.device = order.empty() ? 0 : std::min(state.device, order.size() - 1);
  const std::vector<const ProcessRow*> rows = process_order(frame, state);
  const Layout parts = layout(state, source, frame, rows.size(), page.size.rows);
  hold(state.device, state.device_top, order.size(), device_rows(order.size(), parts.devices));
  hold(state.process, state.process_top, rows.size(), parts.processes);
  title(page, state, source, frame);
  device_table(page, state, source, frame, order, parts.devices);
  if (frame.engine) engine_lines(page, *frame.engine, parts.engine);
  if (!order.empty() && parts.detail > 0)
    detail(page, state, source, frame.devices[order[state.device]], order[state.device],
           parts.detail);
  if (!state.large) process_table(page, state, frame, rows, parts.processes);
  if (parts.timeline) timeline(page, state, source, frame);
  drawn.device_lines = device_rows(order.size(), parts.devices);
  drawn.process_lines = parts.processes;
}

}  // namespace

Picture draw(State& state, Source& source, const Size& size, const Look& look) {
  Picture picture;
  Page page{.size = size, .look = look};
  const bool fits = size.columns >= kSmallest.columns && size.rows >= kSmallest.rows;
  state.position =
      std::clamp(state.position, source.first(), std::max(source.first(), source.last()));
  const Frame* frame = source.at(state.position);
  if (!fits) {
    page.line(fmt::format("assay top needs {} x {};", kSmallest.columns, kSmallest.rows));
    page.line(fmt::format("this is {} x {}. q quits", size.columns, size.rows));
  } else if (state.help) {
    help(page);
  } else if (frame != nullptr) {
    whole(page, state, source, *frame, picture.drawn);
  } else {
    page.line(source.trouble().empty() ? "waiting for the first window ..." : source.trouble());
  }
  const auto rows = static_cast<std::size_t>(size.rows);
  if (fits) {
    page.rows.resize(rows - 1);
    footer(page, state, source);
  }
  page.rows.resize(rows);
  picture.drawn.hits = std::move(page.hits);
  picture.lines = to_lines(page);
  return picture;
}

}  // namespace assay::tui

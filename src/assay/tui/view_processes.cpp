// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "assay/format/format.hpp"
#include "assay/format/text.hpp"
#include "assay/tui/views.hpp"

namespace assay::tui {
namespace {

using format::printable;
using sample::Fact;

struct Cell {
  Column column;
  int width;
  bool right;
};

std::vector<Cell> cells(int columns) {
  std::vector<Cell> out = {{Column::pid, 9, true}};
  if (columns >= 76) out.push_back({Column::user, columns >= 110 ? 12 : 8, false});
  out.push_back({Column::device, 4, true});
  out.push_back({Column::memory, 10, true});
  out.push_back({Column::time_share, 9, true});
  out.push_back({Column::sm_share, 9, true});
  int used = 0;
  for (const Cell& cell : out) used += cell.width + 1;
  if (columns >= 76) {
    const int place = columns >= 110 ? 24 : 11;
    out.push_back({Column::place, place, false});
    used += place + 1;
  }
  out.push_back({Column::command, columns - used, false});
  return out;
}

Span fact(const Fact& fact, std::string_view none) {
  if (!fact.is_known()) return {"?", Tone::faint};
  return {fact.text.empty() ? std::string(none) : printable(fact.text), Tone::plain};
}

// The most that is known of where it runs: its job, its pod, its container.
Span place(const sample::Owner& owner) {
  if (!owner.slurm_job.text.empty()) return {"job " + printable(owner.slurm_job.text)};
  if (!owner.pod.text.empty()) return {"pod " + printable(owner.pod.text)};
  if (!owner.container.text.empty()) return {"ctr " + printable(owner.container.text)};
  const bool none =
      owner.slurm_job.is_known() && owner.pod.is_known() && owner.container.is_known();
  return {none ? "-" : "?", Tone::faint};
}

Span ratio(const sample::Reading<Ratio>& reading) {
  if (!reading.raw() || reading.state() == sample::State::invalid) return {"?", Tone::faint};
  if (reading.state() == sample::State::stale)
    return {fmt::format("({})", format::percent(*reading.raw())), Tone::faint};
  return {format::percent_of(reading)};
}

Span cell(const ProcessRow& row, Column column) {
  switch (column) {
    case Column::pid: return {fmt::to_string(row.process.pid)};
    case Column::user: return fact(row.owner.user, "?");
    case Column::device: return {fmt::to_string(row.device)};
    case Column::memory: {
      const auto bytes = row.process.memory.value();
      return bytes ? Span{format::quantity(metric::Unit::bytes, bytes->value())}
                   : Span{"?", Tone::faint};
    }
    case Column::time_share: return ratio(row.process.time_share);
    case Column::sm_share: return ratio(row.sm_share);
    case Column::place: return place(row.owner);
    case Column::command: {
      const std::string& name = row.process.name;
      if (!row.owner.command.text.empty()) return {printable(row.owner.command.text)};
      return name.empty() ? Span{"?", Tone::faint} : Span{printable(name)};
    }
  }
  return {};
}

Row header(Page& page, const State& state, const std::vector<Cell>& layout) {
  Row row{.spans = {}, .inverse = true};
  int x = 0;
  for (const Cell& cell : layout) {
    const ColumnInfo& about = info(cell.column);
    std::string text(about.title);
    if (state.sort == cell.column) {
      const bool descending = about.descending != state.reversed;
      text += page.look.unicode ? (descending ? "▼" : "▲") : (descending ? "v" : "^");
    }
    page.hits.push_back({Hit::What::process_column, page.y(), x, x + cell.width + 1,
                         static_cast<std::int64_t>(cell.column)});
    row.spans.push_back({text, Tone::plain, cell.width, cell.right, state.sort == cell.column});
    row.spans.push_back({" ", Tone::plain, 1});
    x += cell.width + 1;
  }
  return row;
}

std::string nothing_here(const State& state, const Frame& frame) {
  for (const DeviceFrame& device : frame.devices)
    if (device.presence == sample::Presence::ok && device.processes_reason != sample::Reason::none)
      return fmt::format("processes of GPU {} are unknown: {}", device.facts->index,
                         sample::sentence(device.processes_reason));
  if (!state.filter.empty()) return fmt::format("no process matches \"{}\"", state.filter);
  return state.of_device ? "no process holds the selected device (a shows all)"
                         : "no process holds a device";
}

}  // namespace

void process_table(Page& page, const State& state, const Frame& frame,
                   std::span<const ProcessRow* const> rows, int lines) {
  const std::vector<Cell> layout = cells(page.size.columns);
  page.add(header(page, state, layout));
  const int end_y = page.y() + lines;
  if (rows.empty() && lines > 0) page.line(" " + nothing_here(state, frame), Tone::faint);
  const std::size_t end =
      std::min(rows.size(), state.process_top + static_cast<std::size_t>(std::max(lines, 0)));
  for (std::size_t i = state.process_top; i < end; ++i) {
    Row row;
    row.inverse = state.focus == Focus::processes && i == state.process;
    for (const Cell& column : layout) {
      Span span = cell(*rows[i], column.column);
      span.text = format::fit_left(page.look.unicode, span.text,
                                   std::min(column.width, format::columns(span.text)));
      span.width = column.width;
      span.right = column.right;
      row.spans.push_back(std::move(span));
      row.spans.push_back({" ", Tone::plain, 1});
    }
    page.hit(Hit::What::process, static_cast<std::int64_t>(i));
    page.add(std::move(row));
  }
  if (!frame.processes_from.empty() && page.y() < end_y && !rows.empty())
    page.line(" " + frame.processes_from, Tone::faint);
  while (page.y() < end_y) page.add({});
}

}  // namespace assay::tui

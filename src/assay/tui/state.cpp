// SPDX-License-Identifier: Apache-2.0
#include "assay/tui/state.hpp"

#include <algorithm>

namespace assay::tui {
namespace {

constexpr std::int64_t kLeap = 60;  // windows: a minute at 1 Hz
constexpr int kFastest = 64;
constexpr std::size_t kLongestFilter = 40;

void seek(State& state, const Source& source, std::int64_t to) {
  state.position = std::clamp(to, source.first(), std::max(source.first(), source.last()));
  state.paused = true;
}

void to_the_end(State& state, const Source& source) {
  seek(state, source, source.last());
  state.paused = !source.live();
}

void move(State& state, std::int64_t lines) {
  const bool devices = state.focus == Focus::devices;
  std::size_t& at = devices ? state.device : state.process;
  const std::int64_t wanted = std::max<std::int64_t>(0, static_cast<std::int64_t>(at) + lines);
  at = static_cast<std::size_t>(wanted);  // the picture holds it to what there is
  if (devices) state.process = state.process_top = 0;
}

void sort_by(State& state, Column column) {
  state.reversed = state.sort == column && !state.reversed;
  state.sort = column;
}

void type(State& state, const Input& input) {
  switch (input.key) {
    case Key::enter: state.typing = false; return;
    case Key::escape:
      state.typing = false;
      state.filter.clear();
      return;
    case Key::backspace:
      if (!state.filter.empty()) state.filter.pop_back();
      return;
    case Key::character:
      if (state.filter.size() < kLongestFilter) state.filter += input.character;
      return;
    default: return;
  }
}

void next_column(State& state) {
  const std::size_t now = static_cast<std::size_t>(state.sort);
  state.sort = static_cast<Column>((now + 1) % kColumns);
  state.reversed = false;
}

bool on_time_key(State& state, const Input& input, const Source& source) {
  switch (input.character) {
    case ' ':
      if (state.paused && source.live()) to_the_end(state, source);
      else state.paused = !state.paused;
      return true;
    case '[': seek(state, source, state.position - kLeap); return true;
    case ']': seek(state, source, state.position + kLeap); return true;
    case '>':
    case '+': state.speed = std::min(state.speed * 2, kFastest); return true;
    case '<':
    case '-': state.speed = std::max(state.speed / 2, 1); return true;
    default: return false;
  }
}

void on_character(State& state, const Input& input, const Source& source) {
  if (on_time_key(state, input, source)) return;
  for (const ColumnInfo& column : columns())
    if (column.key == input.character) return sort_by(state, column.column);
  switch (input.character) {
    case 'q': state.quit = true; return;
    case '?':
    case 'h': state.help = !state.help; return;
    case '/':
      state.typing = true;
      state.focus = Focus::processes;
      return;
    case 's': next_column(state); return;
    case 'r':
    case 'I': state.reversed = !state.reversed; return;
    case 'w': state.worst_first = !state.worst_first; return;
    case 'a': state.of_device = !state.of_device; return;
    case 'z': state.large = !state.large; return;
    case 'j': move(state, 1); return;
    case 'k': move(state, -1); return;
    default: return;
  }
}

void back(State& state) {
  if (state.help) state.help = false;
  else if (!state.filter.empty()) state.filter.clear();
  else state.large = false;
}

void click(State& state, const Input& input, const Source& source, const Drawn& drawn) {
  for (const Hit& hit : drawn.hits) {
    if (hit.y != input.y || input.x < hit.x0 || input.x >= hit.x1) continue;
    const auto line = static_cast<std::size_t>(hit.index);
    switch (hit.what) {
      case Hit::What::device:
        state.large = state.focus == Focus::devices && state.device == line && !state.large;
        state.focus = Focus::devices;
        state.device = line;
        return;
      case Hit::What::process:
        state.focus = Focus::processes;
        state.process = line;
        return;
      case Hit::What::device_order: state.worst_first = !state.worst_first; return;
      case Hit::What::process_column: sort_by(state, static_cast<Column>(hit.index)); return;
      case Hit::What::window: seek(state, source, hit.index); return;
    }
  }
}

// The wheel turns the table that the pointer is over.
void focus_under(State& state, const Input& input, const Drawn& drawn) {
  for (const Hit& hit : drawn.hits) {
    if (hit.y != input.y) continue;
    if (hit.what == Hit::What::device) state.focus = Focus::devices;
    if (hit.what == Hit::What::process) state.focus = Focus::processes;
  }
}

}  // namespace

const std::array<ColumnInfo, kColumns>& columns() {
  static constexpr std::array<ColumnInfo, kColumns> kTable = {
      {{Column::pid, 'N', "PID", "process id", false},
       {Column::user, 'U', "USER", "user", false},
       {Column::device, 'G', "GPU", "device", false},
       {Column::memory, 'M', "MEM", "device memory", true},
       {Column::time_share, 'T', "TIME", "time share", true},
       {Column::sm_share, 'S', "SM", "share of the SMs", true},
       {Column::place, 'J', "JOB", "Slurm job, pod or container", false},
       {Column::command, 'C', "COMMAND", "command line", false}}};
  return kTable;
}

const ColumnInfo& info(Column column) { return columns()[static_cast<std::size_t>(column)]; }

void react(State& state, const Input& input, const Source& source, const Drawn& drawn) {
  if (state.typing && input.key != Key::press) return type(state, input);
  const int page =
      std::max(1, state.focus == Focus::devices ? drawn.device_lines : drawn.process_lines);
  switch (input.key) {
    case Key::character: return on_character(state, input, source);
    case Key::up: return move(state, -1);
    case Key::down: return move(state, 1);
    case Key::wheel_up:
    case Key::wheel_down:
      focus_under(state, input, drawn);
      return move(state, input.key == Key::wheel_up ? -1 : 1);
    case Key::page_up: return move(state, -page);
    case Key::page_down: return move(state, page);
    case Key::left: return seek(state, source, state.position - (input.shift ? kLeap : 1));
    case Key::right: return seek(state, source, state.position + (input.shift ? kLeap : 1));
    case Key::home: return seek(state, source, source.first());
    case Key::end: return to_the_end(state, source);
    case Key::tab:
      state.focus = state.focus == Focus::devices ? Focus::processes : Focus::devices;
      return;
    case Key::enter: state.large = !state.large; return;
    case Key::escape: return back(state);
    case Key::f1: state.help = !state.help; return;
    case Key::f4:
      state.typing = true;
      state.focus = Focus::processes;
      return;
    case Key::f6: return next_column(state);
    case Key::f10: state.quit = true; return;
    case Key::press: return click(state, input, source, drawn);
    case Key::backspace: return;
  }
}

bool advance(State& state, const Source& source) {
  const std::int64_t before = state.position;
  if (source.last() < source.first()) return false;
  if (state.paused) state.position = std::clamp(state.position, source.first(), source.last());
  else if (source.live()) state.position = source.last();
  else state.position = std::min(state.position + state.speed, source.last());
  return state.position != before;
}

}  // namespace assay::tui

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "assay/tui/keys.hpp"
#include "assay/tui/row.hpp"
#include "assay/tui/source.hpp"

namespace assay::tui {

enum class Column : std::uint8_t {
  pid,
  user,
  device,
  memory,
  time_share,
  sm_share,
  place,
  command
};
inline constexpr std::size_t kColumns = 8;
struct ColumnInfo {
  Column column;
  char key;  // sorts by it, as in htop where that has the same
  std::string_view title;
  std::string_view meaning;
  bool descending;  // at first: the largest on top
};
const std::array<ColumnInfo, kColumns>& columns();
const ColumnInfo& info(Column column);

enum class Focus : std::uint8_t { devices, processes };

// What the person at the screen has chosen. Plain data: a picture is a function of it and the
// source.
struct State {
  std::int64_t position = 0;  // the window shown
  bool paused = false;
  int speed = 1;  // windows of a recording in the time of one
  Focus focus = Focus::devices;
  bool worst_first = false;  // devices by dollars lost, else by index
  std::size_t device = 0;    // line selected in each table, and the first line shown
  std::size_t device_top = 0;
  std::size_t process = 0;
  std::size_t process_top = 0;
  Column sort = Column::memory;
  bool reversed = false;
  bool of_device = false;  // only processes of the selected device
  bool large = false;      // the selected device takes the room of the processes
  bool help = false;
  bool typing = false;  // the filter
  std::string filter;
  bool quit = false;
};

// Positions in frame.devices in the order shown.
std::vector<std::size_t> device_order(const Frame& frame, const State& state);
// The processes shown, filtered and sorted; those whose value is unknown stand last.
std::vector<const ProcessRow*> process_order(const Frame& frame, const State& state);

// What was typed or clicked, on the picture that was last drawn (its clickable parts, how many
// lines of each table it showed).
struct Drawn {
  std::vector<Hit> hits;
  int device_lines = 1;
  int process_lines = 1;
};
void react(State& state, const Input& input, const Source& source, const Drawn& drawn);

// A period is over: follows what is live, plays on in a recording. True where another window is
// shown.
bool advance(State& state, const Source& source);

}  // namespace assay::tui

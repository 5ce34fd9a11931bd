// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::tui {

enum class Key : std::uint8_t {
  character,  // Input::character
  up,
  down,
  left,
  right,
  home,
  end,
  page_up,
  page_down,
  enter,
  escape,
  tab,
  backspace,
  f1,
  f4,
  f6,
  f10,
  press,       // the left mouse button, at x, y
  wheel_up,    // at x, y
  wheel_down,  // at x, y
};

struct Input {
  Key key = Key::character;
  char character = 0;  // printable ASCII
  bool shift = false;  // also Ctrl: the larger step of an arrow
  int x = 0;           // column and row from 0, of mouse events
  int y = 0;
  friend bool operator==(const Input&, const Input&) = default;
};

// Turns what a terminal sends (xterm's sequences, SGR mouse reports) into inputs. A sequence may
// come in pieces: feed() keeps what is not whole. Unknown sequences and bytes beyond ASCII are
// dropped.
class KeyParser {
 public:
  std::vector<Input> feed(std::string_view bytes);
  // No more came within a while: a lone ESC was the Escape key, and what else is left is dropped.
  std::vector<Input> flush();
  [[nodiscard]] bool waiting() const { return !pending_.empty(); }

 private:
  std::string pending_;
};

}  // namespace assay::tui

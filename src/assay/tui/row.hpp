// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::tui {

// What a piece of text is, from which draw.cpp makes a look. The parts of the ladder have tones of
// their own, so that a colour means the same everywhere.
enum class Tone : std::uint8_t {
  plain,
  faint,
  good,
  warn,
  bad,
  note,
  stalled,
  empty,
  idle,
  not_held
};

// Text in one tone. `width` 0: as wide as it is; else cut or padded to it.
struct Span {
  std::string text;
  Tone tone = Tone::plain;
  int width = 0;
  bool right = false;   // padded on the left
  bool strong = false;  // bold
};

// One line of the screen. What does not fit is cut off on the right.
struct Row {
  std::vector<Span> spans;
  bool inverse = false;  // all of the line: headers, what is selected
};

// Where a click means something: columns x0 up to but not x1 of line y.
struct Hit {
  enum class What : std::uint8_t { device, process, device_order, process_column, window };
  What what = What::device;
  int y = 0;
  int x0 = 0;
  int x1 = 0;
  std::int64_t index = 0;
};

// How to draw: the caller looks at the terminal and the environment.
struct Look {
  bool colour = false;
  bool unicode = true;
};

struct Size {
  int columns = 80;
  int rows = 24;
  friend bool operator==(const Size&, const Size&) = default;
};
inline constexpr Size kSmallest{60, 12};

// Lines under construction, each as wide as the screen at most.
struct Page {
  Size size;
  Look look;
  std::vector<Row> rows;
  std::vector<Hit> hits;

  [[nodiscard]] int y() const { return static_cast<int>(rows.size()); }
  void add(Row row) { rows.push_back(std::move(row)); }
  void line(std::string text, Tone tone = Tone::plain) {
    rows.push_back({{{std::move(text), tone}}});
  }
  // Makes everything clickable that the next row holds.
  void hit(Hit::What what, std::int64_t index) {
    hits.push_back({what, y(), 0, size.columns, index});
  }
};

}  // namespace assay::tui

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/tui/row.hpp"
#include "assay/tui/state.hpp"

namespace assay::tui {

// What to put on the terminal, line by line: each with its own escape sequences and none left open,
// so that a line may be sent alone. Exactly size.rows lines of size.columns columns.
struct Picture {
  std::vector<std::string> lines;
  Drawn drawn;
};

// Draws the window at state.position. Holds the state's selections and the first lines of its
// tables to what there is. Below kSmallest it says so instead. One thread.
Picture draw(State& state, Source& source, const Size& size, const Look& look);

// The lines of a page through FTXUI's Screen::ToString().
std::vector<std::string> to_lines(const Page& page);

}  // namespace assay::tui

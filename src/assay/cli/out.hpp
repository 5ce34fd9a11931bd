// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace assay::cli {

// The one way to stdout. A failed write (closed pipe, full disk) is remembered by the stream, not
// thrown: the program goes on, and finish_output tells at the end.
void put(std::string_view text);

template <typename... Args>
void print(fmt::format_string<Args...> format, Args&&... args) {
  put(fmt::format(format, std::forward<Args>(args)...));
}

// One line on stderr, "assay: ..." by convention. A failed write is nobody's to hear of.
void complain(std::string_view line);

// Output can still be written; once false, a loop that only prints may stop.
bool output_is_open();

// From now on the exit code is that of a command that was run: nobody else's failure may hide it.
void exit_code_is_the_commands();

// Flushes, and turns kOk and kNothingToMeasure (a command's own 3 is kept) into kFailed with one
// sentence if output was lost. A reader that went away (head, a pager) is its own affair: no
// sentence.
int finish_output(int exit_code);

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "assay/format/text.hpp"
#include "assay/tui/views.hpp"

namespace assay::tui {
namespace {

struct KeyHelp {
  std::string_view keys;
  std::string_view does;
};
constexpr std::array<KeyHelp, 16> kKeys = {
    {{"q  F10  Ctrl-C", "quit; the terminal is as it was"},
     {"?  h  F1", "this page"},
     {"up down  j k", "select a line; PgUp and PgDn a page of them"},
     {"Tab", "devices or processes"},
     {"Enter  z", "the selected device large, and back"},
     {"space", "pause; a live machine goes on being measured"},
     {"left right", "a window back or on; with Shift, or [ ], sixty"},
     {"Home  End", "the oldest window; the newest, and live again"},
     {"+  -", "a recording's speed: 1x to 64x"},
     {"w", "devices by $ lost, or by index"},
     {"s  F6  r", "sort processes by the next column; the other way round"},
     {"N U G M T S J C", "by pid, user, GPU, memory, time, SMs, job, command"},
     {"/  F4", "filter processes: pid, user, command, job, gpu0"},
     {"Esc", "no filter; back"},
     {"a", "processes of the selected device alone"},
     {"mouse", "click a device, process, header, the time line; wheel"}}};

}  // namespace

void footer(Page& page, const State& state, const Source& source) {
  if (state.typing)
    return page.add(
        {.spans = {{fmt::format("filter: {}_   Enter keeps it, Esc drops it", state.filter),
                    Tone::plain, page.size.columns}},
         .inverse = true});
  if (const std::string trouble = source.trouble(); !trouble.empty())
    return page.line(format::printable(trouble), Tone::bad);
  struct Item {
    std::string_view key;
    std::string_view word;
  };
  const std::string_view seek = page.look.unicode ? "←→" : "<- ->";
  const std::vector<Item> items = {
      {"q", "quit"},         {"?", "help"},    {"space", state.paused ? "go on" : "pause"},
      {seek, "seek"},        {"Tab", "table"}, {"Enter", "large"},
      {"s", "sort"},         {"/", "filter"},  {"w", "worst first"},
      {"a", "its processes"}};
  Row row;
  int used = 0;
  if (!state.filter.empty()) {
    row.spans.push_back({fmt::format("filter: {}  ", state.filter), Tone::warn});
    used = format::columns(row.spans.back().text);
  }
  for (const Item& item : items) {
    const int width = format::columns(item.key) + format::columns(item.word) + 1;
    if (used + width > page.size.columns) break;
    used += width + 2;
    row.spans.push_back({std::string(item.key), Tone::note, 0, false, true});
    row.spans.push_back({fmt::format(" {}  ", item.word), Tone::faint});
  }
  page.add(std::move(row));
}

void help(Page& page) {
  page.add({.spans = {{" assay top", Tone::plain, page.size.columns}}, .inverse = true});
  for (const KeyHelp& key : kKeys)
    page.add({{{" ", Tone::plain, 1},
               {std::string(key.keys), Tone::note, 16, false, true},
               {std::string(key.does), Tone::plain}}});
  page.add({});
  page.line(" UTIL is what nvidia-smi says: a kernel was resident. SM: SMs with work.",
            Tone::faint);
  page.line(" SOL: the busiest part over its peak. ? is unknown, never 0; (97 %) is old.",
            Tone::faint);
  page.line(" TIME is a share of time slices. SM is told where one process had the device.",
            Tone::faint);
  page.line(" The capacity of a device goes to:", Tone::faint);
  Row names = legend(page.look);
  names.spans.insert(names.spans.begin(), {" ", Tone::plain, 1});
  page.add(std::move(names));
}

}  // namespace assay::tui

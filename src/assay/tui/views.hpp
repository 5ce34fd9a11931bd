// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "assay/tui/row.hpp"
#include "assay/tui/source.hpp"
#include "assay/tui/state.hpp"

// The parts of the picture. Each adds its lines to the page, as many as it is given at most.
namespace assay::tui {

// What the parts of a ladder are drawn as: a character and a tone. Bottom up: what was done, then
// the losses in the ladder's order, then what no reading can place.
struct Share {
  double share = 0;
  std::string_view glyph;
  std::string_view ascii;
  Tone tone = Tone::plain;
  std::string_view name;  // for the legend
};
std::vector<Share> shares_of(const ladder::Losses& losses);
// `cells` characters that show how the device's capacity went; unknown where it is not there.
std::vector<Span> stack(const DeviceFrame& device, const Look& look, int cells);
Row legend(const Look& look);
std::string_view short_name(std::string_view part);  // "idle, held" of "idle_held"

// The busiest limiter where known, else the SMs: what a history shows. Never busy, which says
// little.
std::optional<double> best_rung(const DeviceFrame& device);

void title(Page& page, const State& state, const Source& source, const Frame& frame);
// Lines of `lines` that hold devices: where not all fit, the last one tells how many more there
// are.
int device_rows(std::size_t count, int lines);
void device_table(Page& page, const State& state, Source& source, const Frame& frame,
                  std::span<const std::size_t> order, int lines);
// What the engine does, and what a token of it costs: in two lines, or the latter in one.
void engine_lines(Page& page, const EngineFrame& engine, int lines);
// The selected device: the truth, why, ladder and losses, history. Exactly `lines` lines.
void detail(Page& page, const State& state, Source& source, const DeviceFrame& device,
            std::size_t i, int lines);
void process_table(Page& page, const State& state, const Frame& frame,
                   std::span<const ProcessRow* const> rows, int lines);
void timeline(Page& page, const State& state, Source& source, const Frame& frame);
void footer(Page& page, const State& state, const Source& source);
void help(Page& page);

}  // namespace assay::tui

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Text on a grid of columns, for whatever draws with characters.
namespace assay::format {

// Columns that the text takes: code points, escape sequences not counted. The texts drawn here
// have no wide characters of their own; what comes from outside passes through `printable` first.
int columns(std::string_view text);

// Cut to at most `width` columns (ending in "~", or "…" with unicode) or padded to it with blanks.
std::string fit_left(bool unicode, std::string_view text, int width);
std::string fit_right(std::string_view text, int width);

// Text from outside (process names, files) with every control character and every byte that is
// not printable ASCII replaced by '?', so that a name can't move the cursor or forge a line.
std::string printable(std::string_view text);

// The text broken at blanks into lines of at most width columns, each led by `indent` blanks.
std::string wrap(std::string_view text, int width, int indent);

// A bar of `width` columns, `share` of it filled, at eighths of a column. A share above zero is
// never drawn as nothing, one below 1 never as full.
std::string bar(bool unicode, double share, int width);

// One column a share of 0..1, at eighths; '?' where there is none.
std::string sparkline(bool unicode, std::span<const std::optional<double>> shares);

// `cells` dealt out in proportion to the parts (Hamilton's method): the counts sum to `cells`, each
// within one of its exact share. All 0 where the parts sum to 0.
std::vector<int> apportion(std::span<const double> parts, int cells);

}  // namespace assay::format

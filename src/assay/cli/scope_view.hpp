// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/causes/diagnose.hpp"
#include "assay/cli/style.hpp"
#include "assay/sample/timeline.hpp"

namespace assay::cli {

// What was looked at, for every picture of it.
struct ScopeSubject {
  int device = 0;
  std::string name;  // of the board; empty if unknown
  Seconds wanted{0};
  causes::Board board = {};
  std::string price_source = "";
};

// The words above each picture: what was looked at, and what the mean of SM active hides.
std::string scope_title(const sample::Timeline& timeline, const ScopeSubject& subject);
std::string scope_summary(const sample::Timeline& timeline);
// From the first tick to the last: "60 ms", "20 s".
std::string scope_span(const sample::Timeline& timeline);

// Each channel through time in one line of blocks, its mean beside it, and what the mean hides:
// half the SMs, or half the time.
std::string scope_view(const Style& style, const sample::Timeline& timeline,
                       const ScopeSubject& subject);

// assay.scope/1 of docs/json.md, one line.
std::string scope_json(const sample::Timeline& timeline, const ScopeSubject& subject);

// A picture of its own: one band a channel.
std::string scope_svg(const sample::Timeline& timeline, const ScopeSubject& subject);

// The timeline in equal slices of time, `most` at most and none shorter than a tick: the mean of
// each channel's ticks in it, NaN where a slice has none, for they were lost. Ticks belong to the
// slice in which their middle lies.
std::vector<sample::Tick> slices(const sample::Timeline& timeline, int most);

}  // namespace assay::cli

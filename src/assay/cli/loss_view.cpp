// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/loss_view.hpp"

#include <fmt/format.h>

#include "assay/format/format.hpp"

namespace assay::cli {

using format::dollars;
using format::percent;
using format::percent_of;

namespace {

constexpr int kLabelWidth = 30;

std::string line(const Style& style, std::string_view label, std::string_view share,
                 std::string_view worth, std::string_view note) {
  std::string text =
      fmt::format("  {}{:>9}{:>10}", fit_left(style, label, kLabelWidth), share, worth);
  if (!note.empty()) text += fmt::format("  {}", note);
  return text;
}

std::string worth_text(const ladder::Part& part, const ladder::Cost& cost) {
  const auto worth = ladder::worth(part, cost.per_hour);
  return worth ? dollars(*worth) : "";
}

std::string total_line(const Style& style, const ladder::Cost& cost) {
  if (!cost.per_hour)
    return paint(style, Tone::faint,
                 fmt::format("  {}", sample::sentence(sample::Reason::no_price)));
  std::string lost = "unknown";
  if (cost.lost) lost = dollars(*cost.lost);
  else if (cost.lost_at_least) lost = fmt::format("at least {}", dollars(*cost.lost_at_least));
  return wrap(fmt::format("lost: {} of {} ({})", lost, dollars(*cost.per_hour), cost.source),
              style.width, 2);
}

}  // namespace

std::string loss_view(const Style& style, const ladder::Losses& losses, const ladder::Cost& cost) {
  const ladder::Part largest = ladder::largest_loss(losses);
  std::string out = paint(style, Tone::faint, line(style, "where it goes", "share", "$/h", ""));
  out += "\n";
  for (const ladder::Part& part : losses.parts) {
    const bool marked = part.name == largest.name && part.share.value()->value() > 0;
    const std::string share = part.share.value() ? percent_of(part.share) : "unknown";
    std::string note;
    if (marked) note = style.unicode ? "◀" : "<";
    if (marked && style.width >= 76) note += " largest loss";
    out += paint(style, marked ? Tone::bad : Tone::plain,
                 line(style, part.description, share, worth_text(part, cost), note));
    out += "\n";
  }
  if (losses.unattributed.value() > 1e-9)
    out +=
        line(style, "unattributed (not measurable)", percent(losses.unattributed), "", "") + "\n";
  return out + total_line(style, cost) + "\n";
}

}  // namespace assay::cli

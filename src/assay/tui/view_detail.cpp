// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "assay/format/cause.hpp"
#include "assay/format/format.hpp"
#include "assay/format/headline.hpp"
#include "assay/format/text.hpp"
#include "assay/tui/views.hpp"

namespace assay::tui {
namespace {

using format::fit_left;
using ladder::Part;
using sample::Presence;
using sample::Reading;

constexpr int kLabel = 11;
constexpr int kPercent = 9;
constexpr int kLeastChart = 4;  // lines, its title among them

// Adds lines as long as there are any left.
class Lines {
 public:
  Lines(Page& page, int most) : page_(page), end_(page.y() + most) {}
  [[nodiscard]] int left() const { return end_ - page_.y(); }
  void add(Row row) {
    if (left() > 0) page_.add(std::move(row));
  }
  void wrapped(const std::string& text, Tone tone, bool strong, int indent = 1) {
    std::string lines = format::wrap(text, page_.size.columns - 1, indent);
    while (!lines.empty() && left() > 0) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      add({{{lines.substr(0, end), tone, 0, false, strong}}});
      lines.erase(0, std::min(end + 1, lines.size()));
    }
  }
  // Items that are broken only between, as far as there is room.
  void items(std::string_view text, std::string_view between, Tone tone) {
    std::string line;
    while (!text.empty() && left() > 0) {
      const std::size_t end = std::min(text.find(between), text.size());
      const std::string_view item = text.substr(0, end);
      const int with = format::columns(line) + format::columns(between) + format::columns(item);
      if (line.empty()) line = fmt::format(" {}", item);
      else if (with < page_.size.columns) line += fmt::format("{}{}", between, item);
      else {
        add({{{line, tone}}});
        line = fmt::format(" {}", item);
      }
      text.remove_prefix(std::min(end + between.size(), text.size()));
    }
    if (!line.empty()) add({{{line, tone}}});
  }
  void fill() {
    while (left() > 0) page_.add({});
  }

 private:
  Page& page_;
  int end_;
};

Row heading(const Page& page, const DeviceFrame& device) {
  const auto sms = device.facts->sm_count.value();
  std::string text =
      fmt::format(" GPU {}  {}   {}, window {:.1f} s, route {}", device.facts->index,
                  format::printable(device.facts->name),
                  sms ? fmt::format("{:.0f} SMs", sms->value()) : std::string("SM count unknown"),
                  device.window.value(), device.ladder.route);
  return {.spans = {{fit_left(page.look.unicode, text, page.size.columns), Tone::plain,
                     page.size.columns}},
          .inverse = true};
}

struct RungRow {
  std::string label;
  const Reading<Ratio>* reading;
};

std::vector<Span> rung(const Look& look, const RungRow& row, int width) {
  const int bar = width - kLabel - kPercent - 1;
  std::vector<Span> spans = {{" " + row.label, Tone::plain, kLabel + 1}};
  const auto value = row.reading->value();
  if (!value) {
    spans.push_back({fmt::format("{} ({})", sample::to_string(row.reading->state()),
                                 sample::to_string(row.reading->reason())),
                     Tone::warn, bar + kPercent});
    return spans;
  }
  const Tone tone = value->value() >= 0.6   ? Tone::good
                    : value->value() >= 0.2 ? Tone::stalled
                                            : Tone::empty;
  spans.push_back({format::bar(look.unicode, value->value(), bar), tone, bar});
  spans.push_back({format::percent_of(*row.reading), Tone::plain, kPercent, true});
  return spans;
}

std::vector<RungRow> rungs(const ladder::Ladder& ladder) {
  const std::string limiter(ladder::to_string(ladder.sol.limiter));
  std::vector<RungRow> rows = {
      {"held", &ladder.held},
      {"busy", &ladder.busy},
      {"SM active", &ladder.sm_active},
      {ladder.sol.limiter == ladder::Limiter::none ? "SOL" : "SOL " + limiter, &ladder.sol.value}};
  if (ladder.useful.value()) rows.push_back({"useful", &ladder.useful});
  return rows;
}

std::vector<Span> loss(const DeviceFrame& device, const Look& look, const Part& part, int width) {
  const auto worth = ladder::worth(part, device.cost.per_hour);
  const Part largest = ladder::largest_loss(device.ladder.losses);
  const bool marked = part.is_loss && part.name == largest.name && part.share.value() &&
                      part.share.value()->value() > 0;
  const std::string share = part.share.value() ? format::percent_of(part.share) : "unknown";
  const std::string money = worth ? format::dollars(*worth) : "";
  const int label = width - kPercent - 10 - 4;
  const bool room = format::columns(part.description) < label;
  return {
      {"   " + fit_left(look.unicode, room ? part.description : short_name(part.name), label - 1),
       marked ? Tone::bad : Tone::plain, label + 2},
      {share, marked ? Tone::bad : Tone::plain, kPercent, true},
      {money, marked ? Tone::bad : Tone::plain, 10, true},
      {marked ? (look.unicode ? " ◀" : " <") : "", Tone::bad, 2}};
}

// The rungs on the left, where it goes on the right.
void ladder_block(Lines& lines, const Page& page, const DeviceFrame& device) {
  const std::vector<RungRow> left = rungs(device.ladder);
  const std::vector<Part>& parts = device.ladder.losses.parts;
  const int half = std::min(page.size.columns / 2 - 2, 70);
  const Part rest{
      "unattributed", "unattributed (not measurable)",
      Reading<Ratio>::derived(device.ladder.losses.unattributed, sample::Source::computed)};
  const bool has_rest = device.ladder.losses.unattributed.value() > 1e-9;
  const std::size_t count = std::max(left.size(), parts.size() + (has_rest ? 1 : 0));
  for (std::size_t i = 0; i < count; ++i) {
    Row row;
    if (i < left.size()) row.spans = rung(page.look, left[i], half);
    else row.spans.push_back({"", Tone::plain, half});
    const int right = std::min(page.size.columns - half, 70);
    if (i < parts.size())
      for (Span& span : loss(device, page.look, parts[i], right))
        row.spans.push_back(std::move(span));
    else if (i == parts.size() && has_rest)
      for (Span& span : loss(device, page.look, rest, right)) row.spans.push_back(std::move(span));
    lines.add(std::move(row));
  }
}

// Each column a window, the last one the window shown: the ladder through time.
void chart(Lines& lines, const Page& page, const State& state, Source& source, std::size_t device) {
  const int height = lines.left() - 1;
  const int width = page.size.columns - 7;
  Row names = legend(page.look);
  names.spans.insert(names.spans.begin(), {" ladder through time  ", Tone::plain});
  lines.add(std::move(names));
  std::vector<std::vector<std::pair<std::string, Tone>>> cells;  // column by column, bottom up
  for (std::int64_t number = state.position - width + 1; number <= state.position; ++number) {
    const Frame* frame = number < source.first() ? nullptr : source.at(number);
    auto& column = cells.emplace_back();
    if (frame != nullptr && device < frame->devices.size() &&
        frame->devices[device].presence != Presence::lost) {
      const std::vector<Share> shares = shares_of(frame->devices[device].ladder.losses);
      std::vector<double> parts;
      for (const Share& share : shares) parts.push_back(share.share);
      const std::vector<int> counts = format::apportion(parts, height);
      for (std::size_t i = 0; i < shares.size(); ++i)
        for (int n = 0; n < counts[i]; ++n)
          column.emplace_back(page.look.unicode ? shares[i].glyph : shares[i].ascii,
                              shares[i].tone);
    }
    column.resize(static_cast<std::size_t>(height), {" ", Tone::plain});
  }
  for (int line = 0; line < height; ++line) {
    const std::string_view label = line == 0 ? "100 %" : line == height - 1 ? "0 %" : "";
    Row row{{{std::string(label), Tone::faint, 5, true}, {" ", Tone::plain, 1}}};
    for (const auto& column : cells) {
      const auto& [glyph, tone] = column[static_cast<std::size_t>(height - 1 - line)];
      if (row.spans.back().tone == tone && row.spans.size() > 2) row.spans.back().text += glyph;
      else row.spans.push_back({glyph, tone});
    }
    lines.add(std::move(row));
  }
}

void why(Lines& lines, const DeviceFrame& device, bool all) {
  for (std::size_t i = 0; i < device.findings.size() && (all || i == 0); ++i) {
    const causes::Finding& finding = device.findings[i];
    const bool well = finding.cause == causes::Cause::healthy;
    lines.wrapped((i == 0 ? "why:  " : "also: ") + format::finding_line(finding),
                  well     ? Tone::good
                  : i == 0 ? Tone::bad
                           : Tone::plain,
                  false);
  }
}

void advice(Lines& lines, const DeviceFrame& device) {
  if (device.findings.empty()) return;
  const causes::Finding& first = device.findings.front();
  lines.wrapped(fmt::format("try:  {} ({})", causes::remedies_of(first).front(),
                            causes::page_of(first.cause)),
                Tone::plain, false);
}

}  // namespace

void detail(Page& page, const State& state, Source& source, const DeviceFrame& device,
            std::size_t i, int count) {
  Lines lines(page, count);
  lines.add(heading(page, device));
  if (device.presence != Presence::ok)
    lines.wrapped(fmt::format("{}: {}", device.presence == Presence::lost ? "LOST" : "STALE",
                              format::printable(device.trouble)),
                  Tone::bad, true);
  if (device.presence != Presence::lost) {
    const int block = static_cast<int>(
        std::max(rungs(device.ladder).size(), device.ladder.losses.parts.size() + 1));
    const bool roomy = lines.left() >= block + 5;
    lines.wrapped(
        format::headline(device.gpu_util, device.window, device.sm_active, device.ladder.sol),
        Tone::plain, true);
    if (roomy) ladder_block(lines, page, device);
    why(lines, device, roomy);
    advice(lines, device);
    lines.items(device.beside, " | ", Tone::faint);
    if (lines.left() >= kLeastChart) chart(lines, page, state, source, i);
  }
  lines.fill();
}

}  // namespace assay::tui

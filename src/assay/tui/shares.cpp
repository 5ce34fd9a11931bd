// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "assay/format/text.hpp"
#include "assay/tui/views.hpp"

namespace assay::tui {
namespace {

struct Kind {
  std::string_view part;  // as ladder::Part names it
  std::string_view glyph;
  std::string_view ascii;
  Tone tone;
  std::string_view name;
};
constexpr std::array<Kind, 8> kKinds = {{{"useful", "█", "#", Tone::good, "useful"},
                                         {"engaged", "█", "#", Tone::good, "engaged"},
                                         {"overwork", "▓", "o", Tone::stalled, "overwork"},
                                         {"stalled", "▓", "+", Tone::stalled, "stalled"},
                                         {"empty_sms", "▒", "=", Tone::empty, "empty SMs"},
                                         {"idle_held", "░", "-", Tone::idle, "idle, held"},
                                         {"not_held", "·", ".", Tone::not_held, "not held"},
                                         {"unattributed", "?", "?", Tone::faint, "unknown"}}};

}  // namespace

std::vector<Share> shares_of(const ladder::Losses& losses) {
  std::vector<Share> out;
  for (const Kind& kind : kKinds) {
    double share = kind.part == "unattributed" ? losses.unattributed.value() : 0;
    for (const ladder::Part& part : losses.parts)
      if (part.name == kind.part)
        if (const auto value = part.share.value()) share = value->value();
    if (share > 0) out.push_back({share, kind.glyph, kind.ascii, kind.tone, kind.name});
  }
  return out;
}

std::vector<Span> stack(const DeviceFrame& device, const Look& look, int cells) {
  if (device.presence != sample::Presence::ok)
    return {{std::string(static_cast<std::size_t>(cells), ' '), Tone::plain, cells}};
  const std::vector<Share> shares = shares_of(device.ladder.losses);
  std::vector<double> parts;
  for (const Share& share : shares) parts.push_back(share.share);
  const std::vector<int> counts = format::apportion(parts, cells);
  std::vector<Span> spans;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    std::string text;
    for (int n = 0; n < counts[i]; ++n) text += look.unicode ? shares[i].glyph : shares[i].ascii;
    if (!text.empty()) spans.push_back({std::move(text), shares[i].tone, counts[i]});
  }
  return spans;
}

Row legend(const Look& look) {
  Row row;
  for (const Kind& kind : kKinds) {
    if (kind.part == "useful" || kind.part == "overwork") continue;  // said where there are any
    row.spans.push_back({std::string(look.unicode ? kind.glyph : kind.ascii), kind.tone});
    row.spans.push_back({" " + std::string(kind.name) + "  ", Tone::faint});
  }
  return row;
}

std::string_view short_name(std::string_view part) {
  for (const Kind& kind : kKinds)
    if (kind.part == part) return kind.name;
  return part;
}

std::optional<double> best_rung(const DeviceFrame& device) {
  if (device.presence != sample::Presence::ok) return std::nullopt;
  const ladder::Ladder& ladder = device.ladder;
  for (const auto* rung : {&ladder.sol.value, &ladder.sm_active})
    if (const auto value = rung->value()) return value->value();
  return std::nullopt;
}

}  // namespace assay::tui

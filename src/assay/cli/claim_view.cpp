// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/claim_view.hpp"

#include <fmt/format.h>

#include <cmath>

namespace assay::cli {
namespace {

using catalog::Claim;
using catalog::Evidence;
using catalog::Stance;
using catalog::Verdict;

Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::confirmed: return Tone::good;
    case Verdict::partly: return Tone::warn;
    case Verdict::contradicted: return Tone::bad;
    case Verdict::unverified: return Tone::faint;
  }
  return Tone::plain;
}

std::string_view sign_of(const Style& style, Stance stance) {
  switch (stance) {
    case Stance::supports: return style.unicode ? "✓" : "y";
    case Stance::against: return style.unicode ? "✗" : "n";
    case Stance::context: return style.unicode ? "·" : " ";
  }
  return " ";
}

Tone tone_of(Stance stance) {
  switch (stance) {
    case Stance::supports: return Tone::good;
    case Stance::against: return Tone::bad;
    case Stance::context: return Tone::plain;
  }
  return Tone::plain;
}

constexpr int kIndent = 2;
constexpr int kFigureWidth = 13;

// wrap() with the first line's blanks replaced by `head`, which takes `indent` columns.
std::string hang(std::string_view head, std::string_view body, int width, int indent) {
  std::string lines = wrap(body, width, indent);
  lines.erase(0, static_cast<std::size_t>(indent));
  return std::string(head) + lines;
}

std::string evidence_line(const Style& style, const Claim& claim, const Evidence& row,
                          Footnotes& notes) {
  const std::string mark = row.source ? notes.mark(claim.sources.at(*row.source), row.confidence)
                                      : std::string("[catalog]");
  const std::string figure = row.figure ? stated_text(*row.figure) : "";
  const std::string head = fmt::format(
      "{:{}}{} {}", "", kIndent, paint(style, tone_of(row.stance), sign_of(style, row.stance)),
      paint(style, Tone::strong, fit_left(style, figure, kFigureWidth)));
  return hang(head, row.text + " " + mark, style.width, kIndent + 2 + kFigureWidth) + "\n";
}

std::string claim_text(const Style& style, const Claim& claim, Footnotes& notes) {
  const std::string verdict = fmt::format("{:<14}", catalog::to_string(claim.verdict));
  std::string out =
      hang(paint(style, tone_of(claim.verdict), verdict), claim.statement, style.width, 14) + "\n";
  std::string said = fmt::format("said by {}, {} {}", claim.said_by, claim.origin().date,
                                 notes.mark(claim.origin(), claim.confidence));
  if (!claim.workload.empty()) said += fmt::format(", of {}", claim.workload);
  out += paint(style, Tone::faint, wrap(said, style.width, kIndent)) + "\n";
  out += wrap(claim.finding, style.width, kIndent) + "\n";
  for (const Evidence& row : claim.evidence) out += evidence_line(style, claim, row, notes);
  return out;
}

}  // namespace

std::string stated_text(const catalog::Stated& stated) {
  if (stated.unit != "ratio") {
    return stated.value >= 10'000 ? fmt::format("{:.0f} {}", stated.value, stated.unit)
                                  : fmt::format("{:.4g} {}", stated.value, stated.unit);
  }
  const double change = stated.value - 1;
  if (std::abs(change) < 0.0005) return "level";
  if (stated.value >= 0.5 && stated.value < 2) return fmt::format("{:+.1f} %", change * 100);
  return fmt::format("{:.3g}x", stated.value);
}

std::string claims_text(const Style& style, std::span<const Claim* const> claims,
                        Footnotes& notes) {
  std::string out;
  for (const Claim* claim : claims) {
    if (!out.empty()) out += "\n";
    out += claim_text(style, *claim, notes);
  }
  return out;
}

}  // namespace assay::cli

// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/cause_view.hpp"

#include <fmt/format.h>

#include "assay/format/format.hpp"

namespace assay::cli {

using format::dollars;

namespace {

using causes::Cause;
using causes::Finding;

std::string gain_text(const causes::Counterfactual& gain) {
  std::string out;
  if (gain.speedup_max && *gain.speedup_max >= 1.05)
    out = *gain.speedup_max < 10 ? fmt::format("{:.1f}x", *gain.speedup_max)
                                 : fmt::format("{:.0f}x", *gain.speedup_max);
  if (gain.saved_max && gain.saved_max->value() >= 0.005)
    out += fmt::format("{}{}", out.empty() ? "" : ", ", dollars(*gain.saved_max));
  return out.empty() ? out : ": mending it gains at most " + out;
}

std::string doubt_text(const Finding& finding) {
  if (finding.or_else.empty()) return "";
  std::string names;
  for (const Cause cause : finding.or_else)
    names += fmt::format("{}{}", names.empty() ? "" : " or ", causes::info(cause).title);
  return fmt::format("; can't tell it from {} without the {}", names, finding.told_apart_by);
}

std::string headline(const Finding& finding) {
  const causes::CauseInfo& about = causes::info(finding.cause);
  const std::string gain = finding.cause == Cause::healthy ? "" : gain_text(finding.counterfactual);
  return fmt::format("{} ({:.0f} % sure){}{}", about.title, finding.confidence * 100, gain,
                     doubt_text(finding));
}

}  // namespace

std::string cause_view(const Style& style, std::span<const Finding> findings) {
  if (findings.empty()) return "";
  std::string out;
  for (const Finding& finding : findings) {
    const bool first = &finding == &findings.front();
    const std::string text = fmt::format("{} {}", first ? "why: " : "also:", headline(finding));
    const Tone tone = finding.cause == Cause::healthy ? Tone::good
                      : first                         ? Tone::bad
                                                      : Tone::plain;
    out += paint(style, tone, wrap(text, style.width, 2)) + "\n";
  }
  const causes::CauseInfo& about = causes::info(findings.front().cause);
  out += wrap(fmt::format("try:  {} ({})", about.remedies.front(), causes::page_of(about.cause)),
              style.width, 2);
  return out + "\n";
}

}  // namespace assay::cli

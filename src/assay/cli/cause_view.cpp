// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/cause_view.hpp"

#include <fmt/format.h>

#include "assay/cli/kernel_name.hpp"
#include "assay/format/cause.hpp"
#include "assay/format/format.hpp"
#include "assay/metric/metric.hpp"

namespace assay::cli {

using causes::Cause;
using causes::Finding;

namespace {

std::string blame_text(const Finding& finding) {
  if (finding.kernel.empty() || finding.cause == Cause::healthy) return "";
  return fmt::format("; most in {}", printable(short_name(finding.kernel)));
}

// "49.9 %", "24.6 us", "0.67", or in the metric's own unit.
std::string value_text(const causes::Evidence& evidence) {
  if (const auto id = metric::find(evidence.metric))
    return format::quantity(metric::def(*id).unit, evidence.value);
  if (evidence.metric.ends_with("_s")) return fmt::format("{:.3g} us", evidence.value * 1e6);
  if (evidence.metric.ends_with("per_launch")) return fmt::format("{:.2g}", evidence.value);
  return format::percent(Ratio::fraction(evidence.value));
}

std::string evidence_text(const Finding& finding) {
  std::string out;
  for (const causes::Evidence& evidence : finding.evidence)
    out += fmt::format("{}{} {} (expected: {})", out.empty() ? "seen: " : ", ", evidence.metric,
                       value_text(evidence), evidence.expected);
  return out;
}

}  // namespace

std::string cause_view(const Style& style, std::span<const Finding> findings) {
  if (findings.empty()) return "";
  std::string out;
  for (const Finding& finding : findings) {
    const bool first = &finding == &findings.front();
    const std::string text = fmt::format(
        "{} {}{}", first ? "why: " : "also:", format::finding_line(finding), blame_text(finding));
    const Tone tone = finding.cause == Cause::healthy ? Tone::good
                      : first                         ? Tone::bad
                                                      : Tone::plain;
    out += paint(style, tone, wrap(text, style.width, 2)) + "\n";
  }
  const Finding& first = findings.front();
  if (!first.evidence.empty())
    out += paint(style, Tone::faint, wrap(evidence_text(first), style.width, 2)) + "\n";
  out += wrap(fmt::format("try:  {} ({})", causes::remedies_of(first).front(),
                          causes::page_of(first.cause)),
              style.width, 2);
  return out + "\n";
}

}  // namespace assay::cli

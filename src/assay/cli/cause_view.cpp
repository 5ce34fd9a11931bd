// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/cause_view.hpp"

#include <fmt/format.h>

#include "assay/cli/kernel_name.hpp"
#include "assay/format/cause.hpp"

namespace assay::cli {

using causes::Cause;
using causes::Finding;

namespace {

std::string blame_text(const Finding& finding) {
  if (finding.kernel.empty() || finding.cause == Cause::healthy) return "";
  return fmt::format("; most in {}", printable(short_name(finding.kernel)));
}

}  // namespace

std::string cause_view(const Style& style, std::span<const Finding> findings) {
  if (findings.empty()) return "";
  std::string out;
  for (const Finding& finding : findings) {
    const bool first = &finding == &findings.front();
    const std::string text =
        fmt::format("{} {}{}", first ? "why: " : "also:", format::finding_line(finding),
                    blame_text(finding));
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

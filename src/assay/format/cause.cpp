// SPDX-License-Identifier: Apache-2.0
#include "assay/format/cause.hpp"

#include <fmt/format.h>

#include "assay/format/format.hpp"

namespace assay::format {
namespace {

using causes::Cause;
using causes::Finding;

std::string doubt_words(const Finding& finding) {
  if (finding.or_else.empty()) return "";
  std::string names;
  for (const Cause cause : finding.or_else)
    names += fmt::format("{}{}", names.empty() ? "" : " or ", causes::info(cause).title);
  return fmt::format("; can't tell it from {} without the {}", names, finding.told_apart_by);
}

}  // namespace

std::string gain_words(const causes::Counterfactual& gain) {
  std::string out;
  if (gain.speedup_max && *gain.speedup_max >= 1.05)
    out = *gain.speedup_max < 10 ? fmt::format("{:.1f}x", *gain.speedup_max)
                                 : fmt::format("{:.0f}x", *gain.speedup_max);
  if (gain.saved_max && gain.saved_max->value() >= 0.005)
    out += fmt::format("{}{}", out.empty() ? "" : ", ", dollars(*gain.saved_max));
  return out;
}

std::string finding_line(const Finding& finding) {
  const causes::CauseInfo& about = causes::info(finding.cause);
  std::string gain = finding.cause == Cause::healthy ? "" : gain_words(finding.counterfactual);
  if (!gain.empty()) gain = ": mending it gains at most " + gain;
  return fmt::format("{} ({:.0f} % sure){}{}", about.title, finding.confidence * 100, gain,
                     doubt_words(finding));
}

}  // namespace assay::format

// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/doctor_view.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>

#include "assay/wire/json.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;

namespace {

using probe::nvml::Finding;
using probe::nvml::Verdict;

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok: return "ok";
    case Verdict::warn: return "warn";
    case Verdict::fail: return "fail";
  }
  return "fail";
}

Tone tone(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok: return Tone::good;
    case Verdict::warn: return Tone::warn;
    case Verdict::fail: return Tone::bad;
  }
  return Tone::bad;
}

// The text of a finding may be long: it hangs below its label.
std::string block(const Style& style, const Finding& finding) {
  const std::string label = fit_left(style, std::string(word(finding.verdict)), 6);
  std::string out = paint(style, tone(finding.verdict), label) +
                    paint(style, Tone::strong, printable(finding.what)) + "\n" +
                    wrap(printable(finding.text), style.width, 6) + "\n";
  if (!finding.remedy.empty())
    out += wrap("do: " + printable(finding.remedy), style.width, 6) + "\n";
  return out;
}

}  // namespace

// A device that NVML gave can be measured, whatever else is odd here (no /proc in a sandbox, say).
bool is_measurable(std::span<const Finding> findings) {
  return std::ranges::any_of(findings, [](const Finding& finding) {
    return finding.verdict != Verdict::fail && finding.what.starts_with("device ") &&
           finding.what.back() >= '0' && finding.what.back() <= '9';
  });
}

std::string doctor_view(const Style& style, std::span<const Finding> findings) {
  std::string out;
  for (const Finding& finding : findings) out += block(style, finding);
  const std::string_view verdict = is_measurable(findings)
                                       ? "This machine can be measured: try `assay`."
                                       : "Nothing can be measured here yet. A recording can be "
                                         "looked at: `assay replay h100-lab`.";
  return out + "\n" + wrap(verdict, style.width, 0) + "\n";
}

std::string doctor_json(std::span<const Finding> findings) {
  Json list = Json::array();
  for (const Finding& finding : findings)
    list.push_back({{"what", finding.what},
                    {"verdict", word(finding.verdict)},
                    {"text", finding.text},
                    {"remedy", finding.remedy.empty() ? Json(nullptr) : Json(finding.remedy)}});
  return line_of({{"schema", "assay.doctor/1"},
                  {"measurable", is_measurable(findings)},
                  {"findings", std::move(list)}}) +
         "\n";
}

}  // namespace assay::cli

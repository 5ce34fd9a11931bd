// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "assay/base/counted.hpp"
#include "assay/format/format.hpp"
#include "assay/ladder/rung.hpp"
#include "assay/report/band_picture.hpp"
#include "assay/report/page_parts.hpp"
#include "assay/svg/svg.hpp"

namespace assay::report {
namespace {

using appraise::Appraisal;
using format::percent;
using metric::Id;
using svg::escaped;

constexpr std::string_view kStyle =
    R"(*{box-sizing:border-box}body{margin:0 auto;max-width:1080px;padding:24px 20px 48px;
background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}h2{font-size:18px;margin:36px 0 10px}p{margin:6px 0}
.soft{color:var(--soft)}.stamp{display:inline-block;padding:2px 10px;border:1px solid var(--warn);color:var(--warn);
border-radius:4px;font-weight:600;margin:0 0 12px}.lost{font-size:34px;font-weight:650;line-height:1.15;margin:20px 0 2px}
.lost b{color:var(--bad);font-weight:inherit}figure{margin:14px 0 0;background:var(--panel);border:1px solid var(--line);
border-radius:8px;padding:12px}svg{width:100%;height:auto;display:block}.legend{display:flex;flex-wrap:wrap;gap:4px 18px;
margin:0 0 10px;padding:0;list-style:none;font-size:13px}.legend svg,svg.key{display:inline-block;width:12px;height:12px;
vertical-align:-1px}.legend svg{margin-right:6px}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;
font-variant-numeric:tabular-nums}th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid var(--line);
vertical-align:top}th{color:var(--soft);font-weight:500;font-size:13px}td.n,th.n{text-align:right;white-space:nowrap}
pre{overflow-x:auto;font:11px/1.25 ui-monospace,"DejaVu Sans Mono",monospace}code{font:13px ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:
max-content 1fr;gap:2px 18px;margin:0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
@media print{body{max-width:none;padding:0;font-size:11px}figure,tr,section{break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}})";

double sum(const std::vector<Band>& bands, double Band::* what) {
  return std::accumulate(bands.begin(), bands.end(), 0.0,
                         [&](double so_far, const Band& band) { return so_far + band.*what; });
}

std::string money(const Report& report) {
  const double paid = sum(report.bands, &Band::paid_usd);
  const double lost = sum(report.bands, &Band::lost_usd);
  const bool floor = std::ranges::any_of(report.bands, &Band::floor);
  if (!(paid > 0))
    return fmt::format("<p class=\"soft\">{}</p>\n",
                       escaped(sample::sentence(sample::Reason::no_price)));
  return fmt::format(
      "<p class=\"lost\">{}<b>{}</b> of {} was lost</p>\n<p class=\"soft\">{:.0f} % of "
      "what "
      "these devices cost over {}.</p>\n",
      floor ? "At least " : "", escaped(dollar_words(lost)), escaped(dollar_words(paid)),
      lost / paid * 100,
      length_words(static_cast<double>(report.to.unix_ns - report.from.unix_ns) * 1e-9));
}

// One device in a sentence; of more the table tells.
std::string truth(const Report& report) {
  if (report.whole.devices.size() != 1 || report.bands.empty()) return "";
  const Appraisal& device = report.whole.devices.front();
  const auto says = device.sample.get<Id::gpu_util>().value();
  const auto really = ladder::sound_ratio(device.sample, Id::sm_active).value();
  if (!says || !really) return "";
  return fmt::format(
      "<p>nvidia-smi said {}. Really {} of the SMs had work, and the busiest part of the device, "
      "whichever that was at the time, ran at {} of its speed of light.</p>\n",
      percent(*says), percent(*really), done_words(report, device.facts.index));
}

std::string figure(const Report& report) {
  std::string legend = "<ul class=\"legend\">";
  for (std::size_t part = 0; part < kParts.size(); ++part) {
    const auto drawn = [&](const Bucket& bucket) { return bucket.share[part] > 0.0005; };
    if (std::ranges::none_of(report.bands, [&](const Band& band) {
          return std::ranges::any_of(band.buckets, drawn);
        }))
      continue;
    legend += fmt::format(
        "<li><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect width=\"12\" height=\"12\" "
        "class=\"{}\"/></svg>{}</li>",
        kParts[part], title_of(part));
  }
  const BandPicture picture = band_picture(report, false);
  const std::string more =
      report.bands.size() > kMostDevices
          ? fmt::format("<p>and {} more devices</p>\n", report.bands.size() - kMostDevices)
          : "";
  return "<figure>" + legend + "</ul>\n" +
         svg::document({.width = picture.width,
                        .height = picture.height,
                        .title = "The ladder of each device through time"},
                       picture.body) +
         "</figure>\n" + more +
         "<p class=\"soft\">Each band is a device's whole capacity; gold is what was done, the "
         "rest "
         "what was lost. Below it, the cause that explains most.</p>\n";
}

}  // namespace

std::string page(const Report& report) {
  const bool simulated = report.recorded.kind == sample::OriginKind::simulation;
  const std::string name =
      report.provenance.command.empty() ? report.name : report.provenance.command;
  std::string body;
  if (simulated)
    body += fmt::format("<p class=\"stamp\">SIMULATED {}: no hardware was measured</p>\n",
                        escaped(report.recorded.name));
  body += fmt::format(
      "<h1>{}</h1>\n<p class=\"soft\">recording {} · {} to {} · {} · {}{}</p>\n", escaped(name),
      escaped(report.name), format::wall_text(report.from), format::wall_text(report.to).substr(11),
      counted(report.windows, "window"), counted(report.bands.size(), "device"),
      report.provenance.host.empty() ? "" : " · " + escaped(report.provenance.host));
  for (const std::string& note : report.notes)
    body += fmt::format("<p class=\"stamp\">{}</p>\n", escaped(note));
  body += money(report) + truth(report);
  body += "<h2>The ladder through time</h2>\n" + figure(report);
  body += losses_section(report) + causes_section(report) + devices_section(report) +
          kernels_section(report) + events_section(report) + provenance_section(report);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>assay report: {}</title>\n"
      "<style>{}\n{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      escaped(report.name), colours(), kStyle, body);
}

}  // namespace assay::report

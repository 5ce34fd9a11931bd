// SPDX-License-Identifier: Apache-2.0
#include "assay/report/page_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assay/format/cause.hpp"
#include "assay/format/format.hpp"
#include "assay/report/band_picture.hpp"
#include "assay/svg/svg.hpp"

namespace assay::report {
namespace {

using appraise::Appraisal;
using metric::Id;
using svg::escaped;

constexpr std::size_t kMostRows = 200;

std::string cell(const std::string& text, bool number = false) {
  return fmt::format("<td{}>{}</td>", number ? " class=\"n\"" : "", escaped(text));
}

std::string table(std::string_view head, const std::string& rows) {
  return fmt::format(
      "<div class=\"wide\"><table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n"
      "</table></div>\n",
      head, rows);
}

std::string share(const sample::Reading<Ratio>& reading) {
  return reading.value() ? format::percent_of(reading)
                         : fmt::format("unknown ({})", sample::to_string(reading.reason()));
}

// A square of the colour that the picture draws it in.
std::string key(std::string_view class_name) {
  return fmt::format(
      "<svg viewBox=\"0 0 12 12\" class=\"key\" aria-hidden=\"true\"><rect width=\"12\" "
      "height=\"12\" class=\"{}\"/></svg>",
      class_name);
}

const Band* band_of(const Report& report, int device) {
  const auto band = std::ranges::find(report.bands, device, &Band::device);
  return band == report.bands.end() || band->seconds <= 0 ? nullptr : &*band;
}

std::string lost(const Report& report, int device) {
  const Band* band = band_of(report, device);
  if (band == nullptr || band->paid_usd <= 0) return "unknown";
  return fmt::format("{}{}", band->floor ? "at least " : "",
                     format::dollars(DollarsPerHour(band->lost_usd / band->seconds * 3600)));
}

// The first so many parts together, as the table of losses shows them: a mean over the windows.
std::string sum_words(const Band* band, std::size_t parts) {
  if (band == nullptr) return "unknown";
  double sum = 0;
  for (std::size_t part = 0; part < parts; ++part) sum += band->share_of(part);
  const bool least = band->share_of(kParts.size() - 1) > 0.005;
  if (least && sum == 0) return "unknown";
  return fmt::format("{}{}", least ? "at least " : "",
                     format::percent(Ratio::fraction(std::min(sum, 1.0))));
}

// Of a traced run: what its kernels tell of the whole, which no window can.
std::string job_words(const Report& report) {
  if (report.kernels.empty()) return "";
  std::string out;
  for (const Appraisal& device : report.whole.devices)
    for (const causes::Finding& finding : device.findings)
      out += fmt::format("<li>GPU {}: {}</li>\n", device.facts.index,
                         escaped(format::finding_line(finding)));
  return out.empty() ? out
                     : "<p>The run as a whole, with its kernels:</p>\n<ul>\n" + out + "</ul>\n";
}

}  // namespace

std::string length_words(double seconds) {
  const auto total = static_cast<std::int64_t>(seconds + 0.5);
  if (total < 60) return fmt::format("{} s", total);
  if (total < 3600) return fmt::format("{} min {:02} s", total / 60, total % 60);
  return fmt::format("{} h {:02} min", total / 3600, total / 60 % 60);
}

std::string dollar_words(double amount) {
  if (amount >= 0.1 || amount <= 0) return fmt::format("${:.2f}", amount);
  return amount >= 0.0001 ? fmt::format("${:.4f}", amount) : "<$0.0001";
}

// useful, engaged and overwork: the mean of the windows' speed of light, each with its own limiter.
std::string done_words(const Report& report, int device) {
  return sum_words(band_of(report, device), 3);
}

std::string active_words(const Report& report, int device) {
  const Band* band = band_of(report, device);
  const bool raised = band != nullptr && band->sm_active_raised;
  return sum_words(band, 4) + (raised ? " (raised)" : "");
}

std::string losses_section(const Report& report) {
  std::string rows;
  double seconds = 0;
  for (const Band& band : report.bands) seconds += band.seconds;
  for (std::size_t part = 0; part < kParts.size(); ++part) {
    double usd = 0;
    double took = 0;
    for (const Band& band : report.bands) {
      took += band.share_of(part) * band.seconds;
      usd += band.share_of(part) * band.paid_usd;
    }
    if (seconds <= 0 || took / seconds < 5e-6) continue;
    rows += fmt::format("<tr><td>{} {}</td>", key(kParts[part]), title_of(part)) +
            cell(format::percent(Ratio::fraction(took / seconds)), true) +
            cell(usd > 0 ? dollar_words(usd) : "", true) + "</tr>\n";
  }
  return "<section><h2>Where it went</h2>\n" +
         table("<th>part of the capacity</th><th class=\"n\">share</th><th class=\"n\">worth</th>",
               rows) +
         "</section>\n";
}

std::vector<std::pair<causes::Cause, double>> causes_by_time(const Report& report) {
  std::map<causes::Cause, double> seconds;
  for (const Band& band : report.bands)
    for (const auto& [cause, length] : band.causes) seconds[cause] += length;
  std::vector<std::pair<causes::Cause, double>> order(seconds.begin(), seconds.end());
  std::ranges::stable_sort(order, std::greater<>{}, [](const auto& entry) { return entry.second; });
  return order;
}

std::string causes_section(const Report& report) {
  double watched = 0;
  for (const Band& band : report.bands) watched += band.seconds;
  std::string rows;
  for (const auto& [cause, length] : causes_by_time(report)) {
    const causes::CauseInfo& about = causes::info(cause);
    const std::string remedy(about.remedies.empty() ? "" : about.remedies.front());
    rows +=
        fmt::format("<tr><td>{} <b>{}</b><br><span class=\"soft\">{}</span></td>",
                    key(cause_class(report, cause)), escaped(about.title), escaped(about.meaning)) +
        cell(format::percent(Ratio::fraction(watched > 0 ? length / watched : 0)), true) +
        fmt::format("<td>{}<br><code>{}</code></td></tr>\n", escaped(remedy),
                    escaped(causes::page_of(cause)));
  }
  if (rows.empty()) return "";
  return "<section><h2>Why</h2>\n" + job_words(report) +
         table("<th>first cause</th><th class=\"n\">of the time</th><th>what to try</th>", rows) +
         "</section>\n";
}

std::string devices_section(const Report& report) {
  std::string rows;
  for (std::size_t i = 0; i < std::min(report.whole.devices.size(), kMostRows); ++i) {
    const Appraisal& device = report.whole.devices[i];
    const auto power = device.sample.at_id(Id::power).value();
    rows +=
        "<tr>" + cell(fmt::to_string(device.facts.index)) +
        fmt::format("<td>{}<br><code class=\"soft\">{}</code></td>", escaped(device.facts.name),
                    escaped(device.facts.uuid)) +
        cell(share(device.sample.get<Id::gpu_util>()), true) +
        cell(active_words(report, device.facts.index), true) +
        cell(done_words(report, device.facts.index), true) +
        cell(power ? format::quantity(metric::Unit::watts, *power) : "unknown", true) +
        cell(lost(report, device.facts.index), true) +
        cell(device.cost.per_hour ? fmt::format("{} ({})", format::dollars(*device.cost.per_hour),
                                                device.cost.source)
                                  : "unknown") +
        "</tr>\n";
  }
  return "<section><h2>Devices, over the whole time</h2>\n" +
         table(
             "<th>GPU</th><th>name</th><th class=\"n\">GPU-Util</th><th class=\"n\">SM active</th>"
             "<th class=\"n\">speed of light</th><th class=\"n\">power</th><th "
             "class=\"n\">lost</th><th>price</th>",
             rows) +
         "</section>\n";
}

std::string kernels_section(const Report& report) {
  if (report.kernels.empty()) return "";
  double all = 0;
  for (const KernelLine& kernel : report.kernels) all += kernel.total_s;
  std::string rows;
  for (std::size_t i = 0; i < std::min<std::size_t>(report.kernels.size(), 30); ++i) {
    const KernelLine& kernel = report.kernels[i];
    const double each =
        kernel.launches > 0 ? kernel.total_s / static_cast<double>(kernel.launches) * 1e6 : 0;
    rows += fmt::format("<tr><td><code>{}</code></td>", escaped(kernel.name)) +
            cell(fmt::to_string(kernel.launches), true) +
            cell(fmt::format("{:.1f} us", each), true) +
            cell(fmt::format("{:.3f} s", kernel.total_s), true) +
            cell(all > 0 ? format::percent(Ratio::fraction(kernel.total_s / all)) : "", true) +
            "</tr>\n";
  }
  return "<section><h2>Kernels</h2>\n" +
         table(
             "<th>kernel</th><th class=\"n\">launches</th><th class=\"n\">each</th><th "
             "class=\"n\">total</th><th class=\"n\">of all</th>",
             rows) +
         (report.kernels.size() > 30
              ? fmt::format("<p class=\"soft\">and {} more</p>\n", report.kernels.size() - 30)
              : "") +
         "</section>\n";
}

namespace {

// `escaped` keeps no line ends.
std::string lines_escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += escaped(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::string events_section(const Report& report) {
  std::string rows;
  std::string printed;  // by nvidia-smi: a table of its own, of many lines
  std::size_t count = 0;
  for (const sample::Event& event : report.events) {
    if (event.kind == "nvidia-smi") {
      printed += fmt::format("<p class=\"soft\">nvidia-smi at {}:</p>\n<pre>{}</pre>\n",
                             format::wall_text(event.at).substr(11), lines_escaped(event.text));
      continue;
    }
    if (event.kind == "kernel" || event.kind == "run") continue;  // the table of kernels has them
    if (++count > kMostRows) continue;
    std::string text = event.text.substr(0, 300);
    if (event.text.size() > 300) text += " ...";
    rows += "<tr>" + cell(format::wall_text(event.at).substr(11)) +
            cell(event.device >= 0 ? fmt::format("GPU {}", event.device) : "") + cell(event.kind) +
            fmt::format("<td><code>{}</code></td></tr>\n", escaped(text));
  }
  if (rows.empty() && printed.empty()) return "";
  return "<section><h2>Events</h2>\n" +
         (rows.empty() ? ""
                       : table("<th>when</th><th>where</th><th>what</th><th>text</th>", rows)) +
         (count > kMostRows ? fmt::format("<p class=\"soft\">and {} more</p>\n", count - kMostRows)
                            : "") +
         printed + "</section>\n";
}

std::string provenance_section(const Report& report) {
  const store::Provenance& from = report.provenance;
  std::string rows;
  const auto row = [&](std::string_view what, const std::string& text) {
    if (!text.empty()) rows += fmt::format("<dt>{}</dt><dd>{}</dd>\n", what, escaped(text));
  };
  row("recording", report.name);
  row("measured",
      std::string(sample::to_string(report.recorded.kind)) + " " + report.recorded.name);
  row("command", from.command);
  row("host", from.host);
  row("system", from.os);
  row("driver", from.driver);
  row("recorded by", from.assay_version.empty() ? "" : "assay " + from.assay_version);
  row("window",
      from.period > Seconds(0) ? fmt::format("{:g} s", from.period.value()) : "not regular");
  if (!report.whole.devices.empty())
    row("counters by", std::string(report.whole.devices.front().ladder.route));
  row("note", from.note);
  row("page drawn by", report.made_by);
  return "<section><h2>Where this comes from</h2>\n<dl>\n" + rows +
         "</dl>\n<p class=\"soft\">Shares are of a device's capacity. GPU-Util is the share of "
         "time in "
         "which any kernel was resident; SM active the share of the SMs with work, raised to the "
         "speed of light of a window where a "
         "copy engine or a link did more than the SMs; speed of light "
         "the busiest "
         "part over its peak. What can't be known is said to be unknown; a ~ is an estimate.</p>\n"
         "</section>\n";
}

}  // namespace assay::report

// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/device_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "assay/base/counted.hpp"
#include "assay/cli/cause_view.hpp"
#include "assay/cli/decode_bridge.hpp"
#include "assay/cli/engine_view.hpp"
#include "assay/cli/loss_view.hpp"
#include "assay/format/format.hpp"
#include "assay/format/headline.hpp"
#include "assay/ladder/rung.hpp"
#include "assay/sample/unattributed.hpp"

namespace assay::cli {

using appraise::Appraisal;
using appraise::AppraisedSnapshot;
using format::percent;
using format::percent_of;
using format::quantity;
using format::wall_text;

namespace {

using ladder::Rung;
using metric::Id;
using sample::Presence;

constexpr int kLabelWidth = 13;
constexpr int kValueWidth = 10;

std::string title(const Style& style, const Appraisal& device) {
  const auto sms = device.facts.sm_count.value();
  const bool listed = device.facts.sm_count.source() == sample::Source::catalog;
  const std::string name =
      fmt::format("GPU {}  {}", device.facts.index,
                  device.facts.name.empty() ? "name unknown" : printable(device.facts.name));
  const std::string about =
      fmt::format("{1}{0}window {2:.1f} s{0}route {3}", style.unicode ? " · " : " | ",
                  sms ? fmt::format("{:.0f} SMs{}", sms->value(), listed ? " (catalog)" : "")
                      : "SM count unknown",
                  device.sample.window.value(), device.ladder.route);
  const bool fits = columns(name) + 3 + columns(about) <= style.width;
  return paint(style, Tone::strong, name) + (fits ? "   " : "\n  ") +
         paint(style, Tone::faint, about);
}

Tone tone_of(Ratio share) {
  if (share.value() >= 0.6) return Tone::good;
  return share.value() >= 0.2 ? Tone::warn : Tone::bad;
}

std::string rung_line(const Style& style, std::string_view label, const Rung& rung,
                      std::string_view note) {
  const int bar_width = style.width - 2 - kLabelWidth - kValueWidth - 20;
  std::string line = "  " + fit_left(style, label, kLabelWidth);
  if (rung.value()) {
    line += paint(style, tone_of(*rung.value()), bar(style, rung.value()->value(), bar_width));
    line += fit_right(percent_of(rung), kValueWidth);
    if (!note.empty()) line += paint(style, Tone::faint, fmt::format("  {}", note));
    return line;
  }
  std::string why =
      fmt::format("{} ({})", sample::to_string(rung.state()), sample::to_string(rung.reason()));
  if (rung.raw()) why = fmt::format("{} {}", percent(*rung.raw()), why);
  return line + paint(style, Tone::warn, why);
}

std::string beside_line(const Style& style, const sample::Sample& sample) {
  std::string text;
  for (const std::string& item : format::beside_ladder(sample))
    text += text.empty() ? item : fmt::format("{}{}", style.unicode ? " · " : " | ", item);
  return text.empty() ? text : wrap(text, style.width, 2) + "\n";
}

// `is_over`: the window is that of a job that has ended.
std::string process_lines(const Style& style, const sample::Sample& sample, bool is_over) {
  if (sample.processes_reason != sample::Reason::none)
    return fmt::format("  processes unknown: {}\n", sample::sentence(sample.processes_reason));
  if (sample.processes.empty())
    return is_over ? "  no process holds this device any more\n"
                   : "  no process holds this device\n";
  const int name_width = std::min(40, style.width - 42);
  const auto row = [&](std::string_view pid, std::string_view name, std::string_view memory,
                       std::string_view time) {
    return fmt::format("  {:>8}  {}{:>12}  {:>14}\n", pid, fit_left(style, name, name_width),
                       memory, time);
  };
  const auto shares = [&](std::string_view pid, std::string_view name, const auto& memory,
                          const sample::Reading<Ratio>& time) {
    const auto bytes = memory.value();
    return row(pid, name, bytes ? quantity(metric::Unit::bytes, bytes->value()) : "unknown",
               time.raw() && time.state() != sample::State::invalid ? percent_of(time) : "unknown");
  };
  std::string out = paint(style, Tone::faint, row("PID", "process", "memory", "time share *"));
  for (const sample::Process& process : sample.processes)
    out += shares(fmt::to_string(process.pid), process.name.empty() ? "?" : printable(process.name),
                  process.memory, process.time_share);
  const sample::Unattributed rest = sample::unattributed(sample);
  out += paint(style, Tone::faint, shares("", "unattributed", rest.memory, rest.time_share));
  return out + paint(style, Tone::faint, "  * of time slices, as NVML says; not a share of SMs\n");
}

// Which part of a job's window the causes are of, where it is not all of it.
std::string causes_note(const Style& style, const Appraisal& device) {
  if (!device.job || device.findings.empty()) return "";
  const Seconds part = device.job->working.window;
  if (part.value() > device.sample.window.value() * 0.99) return "";
  return paint(style, Tone::faint,
               wrap(fmt::format("causes of the {:.1f} s wholly inside the job's work, of {:.1f} s: "
                                "times faster are of those, dollars of the whole",
                                part.value(), device.sample.window.value()),
                    style.width, 2)) +
         "\n";
}

// Busy is one of these three readings or the trace's, or it was raised to the rung below it.
std::string_view busy_note(const ladder::Ladder& ladder, const sample::Sample& sample) {
  if (ladder.busy.source() == sample::Source::trace) return "by the trace";
  bool raised = ladder.busy.value().has_value();
  for (const Id id : {Id::graphics_util, Id::gpu_util_samples, Id::gpu_util})
    if (ladder::sound_ratio(sample, id).value() == ladder.busy.value()) raised = false;
  if (raised) return ladder.sm_active_raised ? "raised to SOL" : "raised";
  return ladder.busy.reason() == sample::Reason::sampled ? "as driver sampled"
                                                         : "a kernel resident";
}

// What the speed of light leaves out, and why.
std::string links_left_out(const Style& style, const ladder::SpeedOfLight& sol,
                           const sample::Sample& sample) {
  struct Link {
    std::string_view name;
    bool left_out;
    Rung share;
    std::array<Id, 2> ways;
  };
  std::string out;
  for (const Link& link :
       {Link{"NVLink", sol.nvlink_left_out, sol.nvlink, {Id::nvlink_tx, Id::nvlink_rx}},
        Link{"PCIe", sol.pcie_left_out, sol.pcie, {Id::pcie_tx, Id::pcie_rx}}}) {
    if (!link.left_out) continue;
    const double carried = std::max(sample.at_id(link.ways[0]).value().value_or(0),
                                    sample.at_id(link.ways[1]).value().value_or(0));
    const std::string why =
        link.share.raw()
            ? fmt::format("{} of its peak: the peak is wrong, and the link left out of SOL",
                          percent(*link.share.raw()))
            : fmt::format("{}, of a peak that is not known: the link is left out of SOL",
                          quantity(metric::Unit::bytes_per_second, carried));
    out += paint(style, Tone::warn,
                 wrap(fmt::format("{} carried {}", link.name, why), style.width, 2)) +
           "\n";
  }
  return out;
}

}  // namespace

std::string origin_banner(const Style& style, const sample::Origin& origin) {
  switch (origin.kind) {
    case sample::OriginKind::device: return "";
    case sample::OriginKind::recording:
      return paint(style, Tone::warn,
                   fmt::format("RECORDING {}: not live\n", printable(origin.name)));
    case sample::OriginKind::simulation:
      return paint(style, Tone::warn,
                   fmt::format("SIMULATED {}: no hardware was measured\n", printable(origin.name)));
  }
  return "";
}

std::string ladder_view(const Style& style, const ladder::Ladder& ladder,
                        const sample::Sample& sample) {
  const std::string sol = fmt::format("SOL {}", ladder::to_string(ladder.sol.limiter));
  const auto useful = ladder.useful.value();
  std::string out;
  out += rung_line(style, "held", ladder.held, "has a context") + "\n";
  out += rung_line(style, "busy", ladder.busy, busy_note(ladder, sample)) + "\n";
  out += rung_line(style, "SM active", ladder.sm_active,
                   ladder.sm_active_raised ? "raised to SOL" : "SMs with a warp") +
         "\n";
  out += rung_line(style, ladder.sol.limiter == ladder::Limiter::none ? "SOL" : sol,
                   ladder.sol.value, "speed of light") +
         "\n";
  if (useful) out += rung_line(style, "useful", ladder.useful, "asked for") + "\n";
  return out + links_left_out(style, ladder.sol, sample);
}

std::string device_view(const Style& style, const Appraisal& device) {
  std::string out = title(style, device) + "\n";
  if (device.sample.presence != Presence::ok) {
    const bool lost = device.sample.presence == Presence::lost;
    out +=
        paint(style, Tone::bad,
              wrap(fmt::format("{}: {}", lost ? "LOST" : "STALE", printable(device.sample.trouble)),
                   style.width, 2)) +
        "\n";
    if (lost) return out;
  } else if (!device.sample.trouble.empty()) {
    out += paint(style, Tone::bad, wrap(printable(device.sample.trouble), style.width, 2)) + "\n";
  }
  out += paint(style, Tone::strong,
               wrap(format::headline(format::gpu_util_said(device.sample), device.sample.window,
                                     ladder::sound_ratio(device.sample, Id::sm_active),
                                     device.ladder.sol),
                    style.width, 2)) +
         "\n\n";
  out += ladder_view(style, device.ladder, device.sample) + "\n";
  out += loss_view(style, device.ladder.losses, device.cost) + "\n";
  if (device.decode) out += bridge_view(style, *device.decode) + "\n";
  if (const std::string why = cause_view(style, device.findings); !why.empty())
    out += why + causes_note(style, device) + "\n";
  out += beside_line(style, device.sample);
  return out + process_lines(style, device.sample, device.job.has_value());
}

std::string devices_view(const Style& style, const AppraisedSnapshot& snapshot) {
  std::string out;
  for (const Appraisal& device : snapshot.devices) out += device_view(style, device) + "\n";
  return out;
}

std::string snapshot_view(const Style& style, const AppraisedSnapshot& snapshot) {
  std::string out = origin_banner(style, snapshot.origin);
  out += paint(style, Tone::faint, wall_text(snapshot.at)) + "\n";
  out += devices_view(style, snapshot);
  if (snapshot.engine) out += engine_view(style, snapshot) + "\n";
  const std::string self = fmt::format(
      "assay itself: {:.1f} ms CPU, {} resident, {}, {} lost", snapshot.self.cpu.value() * 1e3,
      quantity(metric::Unit::bytes, snapshot.self.rss.value()),
      counted(snapshot.self.samples, "sample"), snapshot.self.lost);
  return out + paint(style, Tone::faint, wrap(self, style.width, 0)) + "\n";
}

}  // namespace assay::cli

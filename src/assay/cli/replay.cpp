// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assay/base/counted.hpp"
#include "assay/cli/device_view.hpp"
#include "assay/cli/run_events.hpp"
#include "assay/cli/run_view.hpp"
#include "assay/format/format.hpp"
#include "assay/sample/merge.hpp"
#include "assay/sample/work_span.hpp"

namespace assay::cli {

using appraise::AppraisedSnapshot;
using format::parse_duration;
using format::parse_wall;
using format::wall_iso;
using format::wall_text;

namespace {

std::vector<LabMoment> lab_moments(const std::vector<sample::Event>& events) {
  std::vector<LabMoment> moments;
  for (const sample::Event& event : events)
    if (auto moment = from_event(event)) moments.push_back(std::move(*moment));
  return moments;
}

std::shared_ptr<const sample::KernelTable> table_of(const std::vector<sample::Event>& events) {
  auto table = kernel_table_of(events);
  return table ? std::make_shared<const sample::KernelTable>(std::move(*table)) : nullptr;
}

constexpr std::string_view kRun = "run";
constexpr int kKernelsShown = 20;

// "12.5s" from the start, or a time.
Result<sample::WallTime> parse_moment(std::string_view option, const std::string& text,
                                      sample::WallTime first) {
  if (text == "0" || text == "0s") return first;
  if (const auto offset = parse_duration(text))
    return sample::WallTime{first.unix_ns + std::llround(offset->value() * 1e9)};
  if (const auto time = parse_wall(text)) return *time;
  return Error{ErrorCode::invalid_argument,
               fmt::format("{} {} is none of: seconds from the start (12.5s), a time "
                           "(2026-11-22T08:40:12Z), a kernel of this recording, `run`",
                           option, text)};
}

}  // namespace

Replay::Replay(store::Recording recording, Knowledge knowledge, std::string name)
    : recording_(std::move(recording)),
      knowledge_(std::move(knowledge)),
      name_(std::move(name)),
      lab_(lab_moments(recording_.events())),
      kernels_(table_of(recording_.events())),
      looks_(looks_of(recording_.events())) {}

Result<Replay> Replay::open(const std::string& path, const std::string& name,
                            const CommonOptions& options) {
  auto recording = store::Recording::open(path);
  if (!recording) return recording.error();
  if (recording->window_count() == 0)
    return Error{ErrorCode::corrupt,
                 fmt::format("'{}' holds no window: {}", name,
                             recording->damage().value_or(
                                 "its recording ended before the first one was over"))};
  TRY_ASSIGN(Knowledge knowledge, Knowledge::load(options, recording->devices()));
  return Replay(std::move(*recording), std::move(knowledge), name);
}

std::vector<std::string> Replay::warnings() const {
  std::vector<std::string> all;
  if (const auto damage = recording_.damage()) all.push_back(fmt::format("{}: {}", name_, *damage));
  all.insert(all.end(), knowledge_.warnings().begin(), knowledge_.warnings().end());
  return all;
}

AppraisedSnapshot Replay::appraise(sample::Snapshot snapshot) const {
  snapshot.origin.name = name_;
  return knowledge_.appraise(std::move(snapshot));
}

Result<AppraisedSnapshot> Replay::at(const std::string& moment) {
  if (moment == kRun) return job();
  for (const LabMoment& lab : lab_)
    if (lab.run.id == moment) return inside(lab);
  const auto first = recording_.first_time();
  TRY_ASSIGN(const sample::WallTime time, parse_moment("--at", moment, *first));
  auto snapshot = recording_.at(time);
  if (!snapshot || time > *recording_.last_time())
    return Error{ErrorCode::not_found,
                 fmt::format("{} has nothing at {}; it spans {} to {}", name_, moment,
                             wall_iso(*first), wall_iso(*recording_.last_time()))};
  return appraise(std::move(*snapshot));
}

Result<sample::WallTime> Replay::moment(std::string_view option, const std::string& text) const {
  return parse_moment(option, text, *recording_.first_time());
}

Status Replay::for_each(const std::function<bool(const AppraisedSnapshot&)>& visit,
                        sample::WallTime from, sample::WallTime to) {
  store::Cursor cursor = recording_.cursor(from);
  for (;;) {
    TRY_ASSIGN(std::optional<sample::Snapshot> snapshot, cursor.next());
    if (!snapshot || snapshot->at > to || !visit(appraise(std::move(*snapshot)))) return {};
  }
}

Error Replay::no_window(std::string_view of) const {
  return {ErrorCode::not_found,
          fmt::format("{} has no window there{}; it spans {:.0f} s", name_, of,
                      static_cast<double>(recording_.last_time()->unix_ns -
                                          recording_.first_time()->unix_ns) *
                          1e-9)};
}

Result<sample::Snapshot> Replay::merged(const LabMoment* moment,
                                        std::vector<sample::Sample>* working) {
  struct Device {
    sample::DeviceFacts facts;
    sample::Merger all;
    sample::WorkSpan work;
  };
  std::vector<Device> devices;
  sample::Snapshot last;
  store::Cursor cursor = recording_.cursor(moment != nullptr ? moment->from : sample::WallTime{});
  for (;;) {
    TRY_ASSIGN(std::optional<sample::Snapshot> snapshot, cursor.next());
    if (!snapshot || (moment != nullptr && snapshot->at > moment->to)) break;
    last = std::move(*snapshot);
    for (const sample::DeviceSample& device : last.devices) {
      if (moment != nullptr &&
          (device.facts.index != moment->device || !is_inside(device.sample, *moment)))
        continue;
      auto it = std::ranges::find(devices, device.facts.index,
                                  [](const Device& known) { return known.facts.index; });
      if (it == devices.end()) it = devices.insert(it, Device{device.facts, {}, {}});
      it->all.add(device.sample);
      if (working != nullptr) it->work.add(device.sample);
    }
  }
  if (devices.empty())
    return Error{ErrorCode::not_found, fmt::format("{} holds no window there", name_)};
  last.devices.clear();
  for (const Device& device : devices) {
    last.devices.push_back({device.facts, device.all.result()});
    if (working != nullptr) working->push_back(device.work.result());
  }
  last.at = last.devices.front().sample.at;
  return last;
}

Result<AppraisedSnapshot> Replay::inside(const LabMoment& moment) {
  TRY_ASSIGN(sample::Snapshot snapshot, merged(&moment, nullptr));
  return appraise(std::move(snapshot));
}

Result<AppraisedSnapshot> Replay::job() {
  std::vector<sample::Sample> working;
  TRY_ASSIGN(sample::Snapshot snapshot, merged(nullptr, &working));
  AppraisedSnapshot out = appraise(std::move(snapshot));
  for (std::size_t i = 0; i < working.size(); ++i)
    appraise::set_job(out.devices[i], {.working = std::move(working[i]),
                                       .kernels = kernels_,
                                       .microscope = seen_of(looks_, out.devices[i].facts.uuid)});
  return out;
}

Result<std::vector<LabRow>> Replay::lab_rows() {
  std::vector<LabRow> rows;
  for (const LabMoment& moment : lab_) {
    LabRow row{moment, std::nullopt};
    auto snapshot = inside(moment);
    if (snapshot) row.reading = std::move(snapshot->devices.front());
    else if (snapshot.error().code != ErrorCode::not_found) return snapshot.error();
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string Replay::heading(const Style& style) const {
  const store::Provenance& from = recording_.provenance();
  const auto first = recording_.first_time();
  const auto last = recording_.last_time();
  std::string text =
      fmt::format("made on {} by assay {}", printable(from.host), printable(from.assay_version));
  if (!from.command.empty()) text += fmt::format(" around `{}`", printable(from.command));
  if (first && last)
    text += fmt::format(", {}, {} over {:.0f} s", wall_text(*first),
                        counted(recording_.window_count(), "window"),
                        static_cast<double>(last->unix_ns - first->unix_ns) * 1e-9);
  if (!from.driver.empty()) text += fmt::format(", driver {}", printable(from.driver));
  std::string out = origin_banner(style, {sample::OriginKind::recording, name_});
  if (recording_.recorded_origin().kind == sample::OriginKind::simulation)
    out += origin_banner(style, recording_.recorded_origin());
  return out + paint(style, Tone::faint, wrap(text, style.width, 0)) + "\n";
}

std::string Replay::nvidia_smi_text(const Style& style) const {
  const auto event = std::ranges::find(recording_.events(), "nvidia-smi", &sample::Event::kind);
  if (event == recording_.events().end()) return "";
  std::string table;
  int widest = 0;
  for (std::string_view rest = event->text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string line = printable(rest.substr(0, end));
    widest = std::max(widest, columns(line));
    table += line + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (widest > style.width)
    return paint(style, Tone::faint,
                 wrap(fmt::format("(What nvidia-smi printed meanwhile is in the recording; a "
                                  "terminal of {} columns shows it.)",
                                  widest),
                      style.width, 0)) +
           "\n\n";
  return paint(style, Tone::strong, "What nvidia-smi printed meanwhile:") + "\n" + table + "\n";
}

std::string Replay::moment_view(const Style& style, const AppraisedSnapshot& snapshot) const {
  return heading(style) + "\n" + paint(style, Tone::faint, wall_text(snapshot.at)) + "\n" +
         devices_view(style, snapshot);
}

Result<std::string> Replay::overview(const Style& style) {
  std::string out = heading(style) + "\n";
  if (lab_.empty()) {
    TRY_ASSIGN(const AppraisedSnapshot whole, job());
    out += "The whole recording as one window:\n\n" + devices_view(style, whole);
    return kernels_ ? out + "\n" + kernels_view(style, *kernels_, kKernelsShown) : out;
  }
  const auto spinning = std::ranges::find(
      lab_, "one-thread", [](const LabMoment& moment) { return std::string_view(moment.run.id); });
  if (spinning != lab_.end()) {
    TRY_ASSIGN(const AppraisedSnapshot moment, inside(*spinning));
    out += paint(style, Tone::strong, "One thread spins: simple_kernel<<<1, 1>>>") + "\n\n";
    out += nvidia_smi_text(style) + devices_view(style, moment);
  }
  TRY_ASSIGN(const std::vector<LabRow> rows, lab_rows());
  out += paint(style, Tone::strong, "Every kernel of the lab") + "\n\n" + lab_header(style);
  for (const LabRow& row : rows) out += lab_line(style, row);
  return out + lab_footer(style);
}

}  // namespace assay::cli

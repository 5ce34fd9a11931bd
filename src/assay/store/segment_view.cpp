// SPDX-License-Identifier: Apache-2.0
#include "assay/store/segment_view.hpp"

#include <algorithm>

namespace assay::store {
namespace {

using sample::Reading;

Reading<double> reading_at(const Column& column, std::size_t i, const WindowTracks& tracks,
                           const Vocabulary& vocabulary) {
  const Column::Run& run = column.run_of(i);
  std::optional<double> raw;
  if (run.has_value) raw = column.numbers[run.value_begin + (i - run.begin)];
  return Reading<double>::restored(raw, vocabulary.state(run.state), vocabulary.reason(run.reason),
                                   vocabulary.source(run.source),
                                   Seconds(tracks.resolve(run.window, i)));
}

std::vector<sample::Process> processes_at(const std::vector<ProcessTrack>& tracks, std::size_t i,
                                          const WindowTracks& windows,
                                          const Vocabulary& vocabulary) {
  std::vector<sample::Process> processes;
  for (const ProcessTrack& track : tracks) {
    if (!track.present(i)) continue;
    sample::Process process;
    process.pid = track.pid;
    process.name = track.name;
    process.compute = track.compute;
    process.memory = sample::detail::convert<Bytes>(
        reading_at(track.memory, i, windows, vocabulary), [](double v) { return Bytes(v); });
    process.time_share =
        sample::detail::convert<Ratio>(reading_at(track.time_share, i, windows, vocabulary),
                                       [](double v) { return Ratio::fraction(v); });
    processes.push_back(std::move(process));
  }
  return processes;
}

std::optional<WindowsChunk> load_windows(Archive& archive, const SegmentInfo& segment) {
  for (const std::uint32_t stream : {kWindowsStream, kWindowsCopyStream}) {
    const auto data = archive.chunk(segment, stream, 0, true);
    if (!data) continue;
    auto windows = decode_windows(*data, archive.codec);
    if (windows && windows->at_ns.size() == segment.count) return windows;
    archive.note_damage(segment, stream, 0);
  }
  return std::nullopt;
}

}  // namespace

SegmentView::SegmentView(Archive& archive, const SegmentInfo& segment) : segment_(segment) {
  const Archive::ReadScope scope(archive);
  at_ns_ = archive.times(segment);
  windows_ = load_windows(archive, segment);
  for (std::uint32_t id = 0; id < archive.devices.size(); ++id)
    if (auto device = load_device(archive, id)) devices_.push_back(std::move(*device));
}

std::optional<SegmentView::Device> SegmentView::load_device(Archive& archive,
                                                            std::uint32_t id) const {
  Device device;
  device.id = id;
  device.columns.resize(metric::kCount);
  device.damaged.resize(metric::kCount);
  if (const auto data = archive.chunk(segment_, kDeviceStream, id, false)) {
    device.state = decode_device_chunk(*data, at_ns_, archive.codec);
    if (!device.state) archive.note_damage(segment_, kDeviceStream, id);
  }
  const auto expected = [&](std::uint32_t stream) {
    return device.state && std::ranges::count(device.state->streams, stream) > 0;
  };
  bool any = device.state.has_value();
  if (device.state) archive.note_nameless(segment_, id, device.state->streams);
  for (std::size_t m = 0; m < metric::kCount; ++m) {
    const auto stream = archive.vocabulary.stream(static_cast<metric::Id>(m));
    if (!stream || (device.state && !expected(*stream))) continue;
    const auto data = archive.chunk(segment_, *stream, id, expected(*stream));
    Column column;
    bool sound = false;
    if (data) {
      ByteReader in(*data);
      sound = decode_column(in, archive.codec, column) && column.count == segment_.count;
      if (!sound) archive.note_damage(segment_, *stream, id);
    }
    device.damaged[m] = !sound && (data || expected(*stream));
    if (sound) device.columns[m] = std::move(column);
    any = any || sound;
  }
  const bool processes_expected = expected(kProcessStream);
  if (const auto data = archive.chunk(segment_, kProcessStream, id, processes_expected)) {
    device.processes = decode_processes(*data, archive.codec);
    if (device.processes && !device.processes->empty() &&
        device.processes->front().memory.count != segment_.count)
      device.processes.reset();
    if (!device.processes) archive.note_damage(segment_, kProcessStream, id);
  }
  device.processes_damaged = processes_expected && !device.processes;
  if (!any) return std::nullopt;
  if (!device.state) archive.note_damage(segment_, kDeviceStream, id);
  return device;
}

sample::DeviceSample SegmentView::device_sample(const Archive& archive, const Device& device,
                                                std::size_t i) const {
  static const WindowTracks kNoTracks;
  sample::DeviceSample result;
  result.facts = archive.devices[device.id];
  sample::Sample& s = result.sample;
  s.at.unix_ns = at_ns_[i];
  const WindowTracks& tracks = device.state ? device.state->tracks : kNoTracks;
  if (device.state) {
    const DeviceChunk& state = *device.state;
    const DeviceChunk::Run& run = state.run_of(i);
    s.at.unix_ns = state.at_ns[i];
    s.window = Seconds(tracks.at(0, i));
    s.presence = archive.vocabulary.presence(run.presence);
    s.processes_reason = archive.vocabulary.reason(run.processes_reason);
    s.trouble = state.troubles[run.trouble];
  }
  for (std::size_t m = 0; m < metric::kCount; ++m) {
    if (device.columns[m])
      s.readings[m] = reading_at(*device.columns[m], i, tracks, archive.vocabulary);
    else if (device.damaged[m])
      s.readings[m] = Reading<double>::unknown(sample::Reason::recording_damaged);
  }
  if (device.processes)
    s.processes = processes_at(*device.processes, i, tracks, archive.vocabulary);
  else if (device.processes_damaged) s.processes_reason = sample::Reason::recording_damaged;
  return result;
}

sample::Snapshot SegmentView::snapshot(const Archive& archive, std::size_t i) const {
  sample::Snapshot snapshot;
  snapshot.at.unix_ns = at_ns_[i];
  if (windows_) {
    snapshot.self.cpu = Seconds(windows_->cpu[i]);
    snapshot.self.rss = Bytes(windows_->rss[i]);
    snapshot.self.samples = windows_->samples[i];
    snapshot.self.lost = windows_->lost[i];
  }
  for (const Device& device : devices_)
    if (!device.state || device.state->run_of(i).present)
      snapshot.devices.push_back(device_sample(archive, device, i));
  return snapshot;
}

}  // namespace assay::store

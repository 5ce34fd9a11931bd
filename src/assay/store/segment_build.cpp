// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "assay/base/check.hpp"

#include "assay/store/segment.hpp"
#include "assay/store/window_row.hpp"

namespace assay::store {
namespace {

using sample::Process;
using sample::Reading;
using sample::Sample;

// One device over the rows of a segment.
struct DeviceRows {
  std::vector<Sample> samples;
  std::vector<char> present;
  std::vector<std::int64_t> at_ns;    // the window's own where the device is absent
  std::vector<std::int64_t> offsets;  // at_ns less the window's
};

DeviceRows read_rows(std::span<const WindowRow> rows, std::uint32_t device,
                     const Vocabulary& vocabulary) {
  DeviceRows result;
  result.samples.resize(rows.size());
  result.present.resize(rows.size());
  result.offsets.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    result.at_ns.push_back(rows[i].at.unix_ns);
    for (const auto& entry : rows[i].devices) {
      if (entry.id != device) continue;
      if (!decode_device(entry.body, rows[i].at, vocabulary, result.samples[i])) continue;
      result.present[i] = 1;
      result.at_ns[i] = result.samples[i].at.unix_ns;
      result.offsets[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(result.at_ns[i]) -
                                                    static_cast<std::uint64_t>(rows[i].at.unix_ns));
    }
  }
  return result;
}

void encode_runs(const DeviceRows& device, ByteWriter& out) {
  std::map<std::string, std::size_t> troubles;
  std::vector<const std::string*> texts;
  ByteWriter runs;
  std::size_t run_count = 0;
  const auto key = [&](std::size_t i) {
    const Sample& s = device.samples[i];
    return std::tuple(device.present[i], s.presence, s.processes_reason, s.trouble);
  };
  for (std::size_t begin = 0; begin < device.samples.size(); ++run_count) {
    const auto first = key(begin);
    std::size_t end = begin + 1;
    while (end < device.samples.size() && key(end) == first) ++end;
    const auto [it, is_new] = troubles.emplace(std::get<3>(first), troubles.size());
    if (is_new) texts.push_back(&it->first);
    runs.varint(end - begin);
    runs.u8(static_cast<std::uint8_t>(std::get<0>(first)));
    runs.u8(static_cast<std::uint8_t>(std::get<1>(first)));
    runs.u8(static_cast<std::uint8_t>(std::get<2>(first)));
    runs.varint(it->second);
    begin = end;
  }
  out.varint(texts.size());
  for (const std::string* text : texts) out.text(*text);
  out.varint(run_count);
  out.bytes(runs.view());
}

// A process is the same one while pid, name and kind are; the last number tells apart entries that
// agree in all three (one process on two MIG instances).
using ProcessKey = std::tuple<std::int64_t, std::string, bool, std::size_t>;

struct ProcessColumns {
  ProcessKey key;
  std::vector<Reading<double>> memory;
  std::vector<Reading<double>> time_share;
  std::vector<char> present;
};

std::vector<ProcessColumns> gather_processes(std::span<Sample> samples) {
  std::vector<ProcessColumns> columns;
  std::map<ProcessKey, std::size_t> places;
  const std::size_t most = kMaxProcessValues / std::max<std::size_t>(samples.size(), 1);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::map<ProcessKey, std::size_t> seen;
    for (const Process& process : samples[i].processes) {
      ProcessKey key(process.pid, process.name, process.compute, 0);
      std::get<3>(key) = seen[key]++;
      if (!places.contains(key)) {
        if (columns.size() >= most) {
          samples[i].processes_reason = sample::Reason::out_of_range;
          continue;
        }
        places.emplace(key, columns.size());
        columns.push_back({key, std::vector<Reading<double>>(samples.size()),
                           std::vector<Reading<double>>(samples.size()),
                           std::vector<char>(samples.size())});
      }
      ProcessColumns& column = columns[places[key]];
      column.present[i] = 1;
      column.memory[i] =
          sample::detail::convert<double>(process.memory, [](Bytes b) { return b.value(); });
      column.time_share[i] =
          sample::detail::convert<double>(process.time_share, [](Ratio r) { return r.value(); });
    }
  }
  return columns;
}

Blob encode_processes(std::span<const ProcessColumns> processes, std::size_t count,
                      WindowTracks& tracks, IntegerCodec& codec) {
  ByteWriter out;
  out.varint(count);
  out.varint(processes.size());
  for (const ProcessColumns& process : processes) {
    out.svarint(std::get<0>(process.key));
    out.text(std::get<1>(process.key));
    out.u8(std::get<2>(process.key) ? 1 : 0);
    std::vector<std::size_t> edges;
    for (std::size_t i = 0; i < count; ++i)
      if ((process.present[i] != 0) != (edges.size() % 2 == 1)) edges.push_back(i);
    out.varint(edges.size());
    std::size_t last = 0;
    for (const std::size_t edge : edges) {
      out.varint(edge - last);
      last = edge;
    }
    encode_column(process.memory, precision_of(metric::Unit::bytes), tracks, codec, out);
    encode_column(process.time_share, precision_of(metric::Unit::ratio), tracks, codec, out);
  }
  return out.take();
}

void build_device(std::span<const WindowRow> rows, std::uint32_t id, const Vocabulary& vocabulary,
                  IntegerCodec& codec, std::vector<Chunk>& chunks) {
  DeviceRows device = read_rows(rows, id, vocabulary);
  std::vector<double> windows;
  windows.reserve(device.samples.size());
  for (const Sample& s : device.samples) windows.push_back(s.window.value());
  WindowTracks tracks(std::move(windows));
  std::vector<std::uint32_t> streams;
  std::vector<Reading<double>> readings(rows.size());
  for (const auto& def : metric::all()) {
    const auto stream = vocabulary.stream(def.id);
    if (!stream) continue;
    bool any = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      readings[i] = device.samples[i].at_id(def.id);
      any = any || readings[i] != Reading<double>();
    }
    if (!any) continue;
    ByteWriter column;
    encode_column(readings, precision_of(def.unit), tracks, codec, column);
    chunks.push_back({*stream, id, column.take()});
    streams.push_back(*stream);
  }
  const auto processes = gather_processes(device.samples);
  if (!processes.empty()) {
    chunks.push_back({kProcessStream, id, encode_processes(processes, rows.size(), tracks, codec)});
    streams.push_back(kProcessStream);
  }
  ByteWriter out;
  out.varint(rows.size());
  encode_runs(device, out);
  codec.encode(device.offsets, out);
  tracks.encode(device.at_ns, codec, out);
  std::ranges::sort(streams);
  out.varint(streams.size());
  for (const std::uint32_t stream : streams) out.varint(stream);
  chunks.push_back({kDeviceStream, id, out.take()});
}

Blob encode_windows(std::span<const WindowRow> rows, IntegerCodec& codec) {
  std::vector<std::int64_t> at;
  std::vector<std::int64_t> samples;
  std::vector<std::int64_t> lost;
  std::vector<double> cpu;
  std::vector<double> rss;
  for (const WindowRow& row : rows) {
    at.push_back(row.at.unix_ns);
    cpu.push_back(row.self.cpu.value());
    rss.push_back(row.self.rss.value());
    samples.push_back(row.self.samples);
    lost.push_back(row.self.lost);
  }
  ByteWriter out;
  out.varint(rows.size());
  codec.encode(at, out);
  encode_numbers(cpu, kMicroseconds, codec, out);
  encode_numbers(rss, precision_of(metric::Unit::bytes), codec, out);
  codec.encode(samples, out);
  codec.encode(lost, out);
  return out.take();
}

}  // namespace

std::vector<Chunk> build_segment(std::span<const Blob> blobs, const Vocabulary& vocabulary,
                                 IntegerCodec& codec) {
  std::vector<WindowRow> rows;
  std::set<std::uint32_t> devices;
  for (const Blob& blob : blobs) {
    auto row = open_window(blob);
    CHECK(row.has_value());
    for (const auto& device : row->devices) devices.insert(device.id);
    rows.push_back(std::move(*row));
  }
  std::vector<Chunk> chunks;
  chunks.push_back({kWindowsStream, 0, encode_windows(rows, codec)});
  chunks.push_back({kWindowsCopyStream, 0, chunks.front().data});
  for (const std::uint32_t id : devices) build_device(rows, id, vocabulary, codec, chunks);
  std::ranges::sort(chunks, {}, [](const Chunk& c) { return std::pair(c.stream, c.device); });
  return chunks;
}

}  // namespace assay::store

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "assay/store/segment.hpp"

namespace assay::store {
namespace {

constexpr std::size_t kMaxTroubles = kMaxCount;

bool decode_runs(ByteReader& in, std::size_t count, DeviceChunk& chunk) {
  const std::size_t troubles = in.count(kMaxTroubles);
  for (std::size_t i = 0; i < troubles && in.ok(); ++i) chunk.troubles.push_back(in.text());
  const std::size_t runs = in.count(count);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < runs && in.ok(); ++i) {
    DeviceChunk::Run run;
    run.begin = begin;
    const std::size_t length = in.count(count - begin);
    if (length == 0) return false;
    begin += length;
    run.present = in.u8() != 0;
    run.presence = in.u8();
    run.processes_reason = in.u8();
    run.trouble = in.count(kMaxTroubles);
    if (run.trouble >= troubles) return false;
    chunk.runs.push_back(run);
  }
  return in.ok() && begin == count;
}

std::optional<ProcessTrack> decode_process(ByteReader& in, std::size_t count, IntegerCodec& codec) {
  ProcessTrack track;
  track.pid = in.svarint();
  track.name = in.text();
  track.compute = in.u8() != 0;
  const std::size_t edges = in.count(count);
  std::size_t at = 0;
  for (std::size_t i = 0; i < edges && in.ok(); ++i) {
    at += in.count(count - at);
    track.edges.push_back(at);
  }
  if (!in.ok() || !decode_column(in, codec, track.memory) ||
      !decode_column(in, codec, track.time_share))
    return std::nullopt;
  if (track.memory.count != count || track.time_share.count != count) return std::nullopt;
  return track;
}

}  // namespace

bool decode_times(BlobView data, IntegerCodec& codec, std::vector<std::int64_t>& at_ns) {
  ByteReader in(data);
  const std::size_t count = in.count(kMaxCount);
  return count != 0 && codec.decode(in, count, at_ns);
}

std::optional<WindowsChunk> decode_windows(BlobView data, IntegerCodec& codec) {
  ByteReader in(data);
  WindowsChunk chunk;
  const std::size_t count = in.count(kMaxCount);
  const bool sound = count != 0 && codec.decode(in, count, chunk.at_ns) &&
                     decode_numbers(in, count, codec, chunk.cpu) &&
                     decode_numbers(in, count, codec, chunk.rss) &&
                     codec.decode(in, count, chunk.samples) && codec.decode(in, count, chunk.lost);
  if (!sound) return std::nullopt;
  return chunk;
}

std::optional<DeviceChunk> decode_device_chunk(BlobView data,
                                               std::span<const std::int64_t> window_at_ns,
                                               IntegerCodec& codec) {
  ByteReader in(data);
  DeviceChunk chunk;
  const std::size_t count = in.count(kMaxCount);
  if (count == 0 || count != window_at_ns.size() || !decode_runs(in, count, chunk) ||
      !codec.decode(in, count, chunk.at_ns))
    return std::nullopt;
  for (std::size_t i = 0; i < count; ++i)
    chunk.at_ns[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(chunk.at_ns[i]) +
                                               static_cast<std::uint64_t>(window_at_ns[i]));
  if (!chunk.tracks.decode(chunk.at_ns, in, codec)) return std::nullopt;
  const std::size_t streams = in.count(kStreamLimit);
  for (std::size_t i = 0; i < streams && in.ok(); ++i)
    chunk.streams.push_back(static_cast<std::uint32_t>(in.count(kStreamLimit - 1)));
  if (!in.ok()) return std::nullopt;
  return chunk;
}

std::optional<std::vector<ProcessTrack>> decode_processes(BlobView data, IntegerCodec& codec) {
  ByteReader in(data);
  std::vector<ProcessTrack> tracks;
  const std::size_t count = in.count(kMaxCount);
  if (count == 0) return std::nullopt;
  const std::size_t size = in.count(kMaxProcessValues / count);
  for (std::size_t i = 0; i < size && in.ok(); ++i) {
    auto track = decode_process(in, count, codec);
    if (!track) return std::nullopt;
    tracks.push_back(std::move(*track));
  }
  if (!in.ok()) return std::nullopt;
  return tracks;
}

const DeviceChunk::Run& DeviceChunk::run_of(std::size_t i) const {
  return *(std::ranges::upper_bound(runs, i, {}, &Run::begin) - 1);
}

bool ProcessTrack::present(std::size_t i) const {
  const auto passed = std::ranges::upper_bound(edges, i) - edges.begin();
  return passed % 2 == 1;
}

}  // namespace assay::store

// SPDX-License-Identifier: Apache-2.0
#include "assay/store/window_row.hpp"

#include <array>
#include <cmath>

namespace assay::store {
namespace {

using sample::Process;
using sample::Reading;
using sample::Sample;

// Flags of a reading: bit 0 a value follows; bit 1 the window is the sample's; bit 2 it follows.
constexpr std::uint8_t kHasValue = 1;
constexpr std::uint8_t kSampleWindow = 2;
constexpr std::uint8_t kOwnWindow = 4;

constexpr std::size_t kUsualBytes = 2048;  // of one device with all that GPM offers

// Times and windows are kept to a microsecond: the nanoseconds below are the sampler's own jitter,
// and would be a tenth of a day's recording. A window that is shorter stays as it is, for 0 s means
// none.
std::int64_t whole_microseconds(std::int64_t ns) { return ns - ns % 1000; }
Seconds whole_microseconds(Seconds window) {
  const double rounded = std::round(window.value() * 1e6) / 1e6;
  return rounded != 0 ? Seconds(rounded) : window;
}

void write_reading(const Reading<double>& reading, Seconds sample_window, ByteWriter& out) {
  const bool zero = reading.window() == Seconds(0);
  const bool shared = !zero && reading.window() == sample_window;
  const int flags = (reading.raw() ? kHasValue : 0) | (shared ? kSampleWindow : 0) |
                    (!zero && !shared ? kOwnWindow : 0);
  out.bytes(std::array<std::uint8_t, 4>{
      static_cast<std::uint8_t>(flags), static_cast<std::uint8_t>(reading.state()),
      static_cast<std::uint8_t>(reading.reason()), static_cast<std::uint8_t>(reading.source())});
  if (reading.raw()) out.f64(*reading.raw());
  if (!zero && !shared) out.f64(whole_microseconds(reading.window()).value());
}

Reading<double> read_reading(ByteReader& in, Seconds sample_window) {
  const std::uint8_t flags = in.u8();
  const auto state = static_cast<sample::State>(in.u8());
  const auto reason = static_cast<sample::Reason>(in.u8());
  const auto source = static_cast<sample::Source>(in.u8());
  std::optional<double> raw;
  if ((flags & kHasValue) != 0) raw = in.f64();
  Seconds window(0);
  if ((flags & kSampleWindow) != 0) window = sample_window;
  if ((flags & kOwnWindow) != 0) window = Seconds(in.f64());
  return Reading<double>::restored(raw, state, reason, source, window);
}

void write_device(const Sample& sample, sample::WallTime window_at, const Vocabulary& vocabulary,
                  ByteWriter& out) {
  out.svarint(whole_microseconds(sample.at.unix_ns) - whole_microseconds(window_at.unix_ns));
  out.f64(whole_microseconds(sample.window).value());
  out.u8(static_cast<std::uint8_t>(sample.presence));
  out.u8(static_cast<std::uint8_t>(sample.processes_reason));
  out.text(sample.trouble);
  std::size_t stored = 0;
  ByteWriter readings;
  readings.reserve(kUsualBytes);
  for (const auto& def : metric::all()) {
    const auto& reading = sample.at_id(def.id);
    if (reading == Reading<double>()) continue;
    readings.varint(*vocabulary.stream(def.id));
    write_reading(reading, sample.window, readings);
    ++stored;
  }
  out.varint(stored);
  out.bytes(readings.view());
  out.varint(sample.processes.size());
  for (const Process& process : sample.processes) {
    out.svarint(process.pid);
    out.text(process.name);
    out.u8(process.compute ? 1 : 0);
    write_reading(
        sample::detail::convert<double>(process.memory, [](Bytes b) { return b.value(); }),
        sample.window, out);
    write_reading(
        sample::detail::convert<double>(process.time_share, [](Ratio r) { return r.value(); }),
        sample.window, out);
  }
}

}  // namespace

Blob encode_window(const sample::Snapshot& snapshot, std::span<const std::uint32_t> device_ids,
                   const Vocabulary& vocabulary) {
  ByteWriter out;
  out.reserve(kUsualBytes * (1 + snapshot.devices.size()));
  out.svarint(whole_microseconds(snapshot.at.unix_ns));
  out.f64(snapshot.self.cpu.value());
  out.f64(snapshot.self.rss.value());
  out.svarint(snapshot.self.samples);
  out.svarint(snapshot.self.lost);
  out.varint(snapshot.devices.size());
  for (std::size_t i = 0; i < snapshot.devices.size(); ++i) {
    ByteWriter body;
    body.reserve(kUsualBytes);
    write_device(snapshot.devices[i].sample, snapshot.at, vocabulary, body);
    out.varint(device_ids[i]);
    out.sized(body.view());
  }
  return out.take();
}

std::optional<WindowRow> open_window(BlobView data) {
  ByteReader in(data);
  WindowRow row;
  row.at.unix_ns = in.svarint();
  row.self.cpu = Seconds(in.f64());
  row.self.rss = Bytes(in.f64());
  row.self.samples = in.svarint();
  row.self.lost = in.svarint();
  const std::size_t devices = in.count(kDeviceLimit);
  for (std::size_t i = 0; i < devices && in.ok(); ++i) {
    WindowRow::Device device;
    device.id = static_cast<std::uint32_t>(in.count(kDeviceLimit - 1));
    device.body = in.sized();
    row.devices.push_back(device);
  }
  if (!in.ok()) return std::nullopt;
  return row;
}

bool decode_device(BlobView body, sample::WallTime window_at, const Vocabulary& vocabulary,
                   Sample& sample) {
  ByteReader in(body);
  const auto offset = static_cast<std::uint64_t>(in.svarint());
  sample.at.unix_ns =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(window_at.unix_ns) + offset);
  sample.window = Seconds(in.f64());
  sample.presence = static_cast<sample::Presence>(in.u8());
  sample.processes_reason = static_cast<sample::Reason>(in.u8());
  sample.trouble = in.text();
  const std::size_t readings = in.count(kStreamLimit);
  for (std::size_t i = 0; i < readings && in.ok(); ++i) {
    const auto stream = static_cast<std::uint32_t>(in.count(kStreamLimit - 1));
    const auto reading = read_reading(in, sample.window);
    if (const auto id = vocabulary.metric(stream)) sample.at_id(*id) = reading;
  }
  const std::size_t processes = in.count(in.remaining());
  for (std::size_t i = 0; i < processes && in.ok(); ++i) {
    Process process;
    process.pid = in.svarint();
    process.name = in.text();
    process.compute = in.u8() != 0;
    process.memory = sample::detail::convert<Bytes>(read_reading(in, sample.window),
                                                    [](double v) { return Bytes(v); });
    process.time_share = sample::detail::convert<Ratio>(
        read_reading(in, sample.window), [](double v) { return Ratio::fraction(v); });
    sample.processes.push_back(std::move(process));
  }
  return in.ok();
}

}  // namespace assay::store

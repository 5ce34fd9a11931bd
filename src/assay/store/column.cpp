// SPDX-License-Identifier: Apache-2.0
#include "assay/store/column.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::store {
namespace {

using Readings = std::span<const sample::Reading<double>>;
using Reference = WindowTracks::Reference;
using Kind = WindowTracks::Kind;

constexpr double kNoWindow = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMaxTracks = 64;
// A column whose windows change more often than this gets a track; below, fixed runs are smaller.
constexpr std::size_t kMaxFixedChanges = 4;

bool same(double a, double b) { return std::isnan(a) || std::isnan(b) || a == b; }

bool compatible(std::span<const double> a, std::span<const double> b) {
  return std::ranges::equal(a, b, same);
}

// Adds (sign 1) or takes away (-1) the time since the sample before, from the second on.
void shift_by_intervals(std::span<const std::int64_t> at_ns, int sign,
                        std::span<std::int64_t> windows) {
  for (std::size_t i = 1; i < windows.size(); ++i) {
    const auto interval =
        static_cast<std::uint64_t>(at_ns[i]) - static_cast<std::uint64_t>(at_ns[i - 1]);
    const auto window = static_cast<std::uint64_t>(windows[i]);
    windows[i] = static_cast<std::int64_t>(sign > 0 ? window + interval : window - interval);
  }
}

std::size_t count_changes(std::span<const double> windows) {
  std::size_t changes = 0;
  double last = kNoWindow;
  for (const double window : windows) {
    if (!same(last, window)) ++changes;
    if (!std::isnan(window)) last = window;
  }
  return changes;
}

}  // namespace

WindowTracks::WindowTracks(std::vector<double> sample_windows) {
  tracks_.push_back(std::move(sample_windows));
}

std::size_t WindowTracks::find_or_add(std::vector<double> windows) {
  for (std::size_t k = 0; k < tracks_.size(); ++k) {
    if (!compatible(tracks_[k], windows)) continue;
    for (std::size_t i = 0; i < windows.size(); ++i)
      if (std::isnan(tracks_[k][i])) tracks_[k][i] = windows[i];
    return k;
  }
  tracks_.push_back(std::move(windows));
  return tracks_.size() - 1;
}

std::vector<Reference> WindowTracks::refer(Readings readings) {
  std::vector<double> windows(readings.size(), kNoWindow);
  for (std::size_t i = 0; i < readings.size(); ++i)
    if (readings[i].window() != Seconds(0)) windows[i] = readings[i].window().value();
  std::vector<Reference> references(readings.size());
  const bool any = std::ranges::any_of(windows, [](double w) { return !std::isnan(w); });
  if (!any) return references;
  const bool of_sample = !tracks_.empty() && compatible(tracks_[0], windows);
  const bool fixed =
      !of_sample && (count_changes(windows) <= kMaxFixedChanges || tracks_.size() >= kMaxTracks);
  const std::vector<double> wanted = windows;
  const std::size_t track = fixed ? 0 : find_or_add(std::move(windows));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (std::isnan(wanted[i])) continue;
    references[i] = fixed ? Reference{Kind::fixed, wanted[i], 0} : Reference{Kind::track, 0, track};
  }
  return references;
}

double WindowTracks::at(std::size_t track, std::size_t i) const {
  if (track >= tracks_.size() || i >= tracks_[track].size()) return 0;
  const double window = tracks_[track][i];
  return std::isnan(window) ? 0 : window;
}

double WindowTracks::resolve(const Reference& reference, std::size_t i) const {
  switch (reference.kind) {
    case Kind::zero: return 0;
    case Kind::fixed: return reference.fixed;
    case Kind::track: break;
  }
  return at(reference.track, i);
}

void WindowTracks::encode(std::span<const std::int64_t> at_ns, IntegerCodec& codec,
                          ByteWriter& out) const {
  out.varint(tracks_.size());
  for (const auto& track : tracks_) {
    std::vector<double> filled = track;
    double last = 0;  // positions nobody uses repeat their neighbour, which costs nothing
    for (double& window : filled) window = last = std::isnan(window) ? last : window;
    Numbers numbers = to_numbers(filled, kNanoseconds);
    ByteWriter plain;
    write_numbers(numbers, codec, plain);
    ByteWriter foretold;
    foretold.svarint(numbers.integers.empty() ? 0 : numbers.integers[0]);
    shift_by_intervals(at_ns, -1, numbers.integers);
    // The first stands apart: as an outlier it would cost a byte plane.
    if (numbers.integers.size() > 1) numbers.integers[0] = numbers.integers[1];
    write_numbers(numbers, codec, foretold);
    const bool shorter = foretold.view().size() < plain.view().size();
    out.u8(shorter ? 1 : 0);
    out.bytes(shorter ? foretold.view() : plain.view());
  }
}

bool WindowTracks::decode(std::span<const std::int64_t> at_ns, ByteReader& in,
                          IntegerCodec& codec) {
  tracks_.assign(in.count(kMaxTracks), {});
  Numbers numbers;
  for (auto& track : tracks_) {
    const bool foretold = in.u8() != 0;
    const std::int64_t first = foretold ? in.svarint() : 0;
    if (!decode_numbers(in, at_ns.size(), codec, numbers)) return false;
    if (foretold && !at_ns.empty()) {
      shift_by_intervals(at_ns, 1, numbers.integers);
      numbers.integers[0] = first;
    }
    track.reserve(at_ns.size());
    for (std::size_t i = 0; i < at_ns.size(); ++i) track.push_back(numbers[i]);
  }
  return in.ok();
}

const Column::Run& Column::run_of(std::size_t i) const {
  const auto after = std::ranges::upper_bound(runs, i, {}, &Run::begin);
  return *(after - 1);
}

void encode_column(Readings readings, Precision precision, WindowTracks& tracks,
                   IntegerCodec& codec, ByteWriter& out) {
  const std::vector<Reference> windows = tracks.refer(readings);
  std::vector<double> values;
  values.reserve(readings.size());
  ByteWriter runs;
  std::size_t run_count = 0;
  for (std::size_t begin = 0; begin < readings.size();) {
    const auto& first = readings[begin];
    std::size_t end = begin;
    for (; end < readings.size(); ++end) {
      const auto& r = readings[end];
      if (r.state() != first.state() || r.reason() != first.reason() ||
          r.source() != first.source() || r.raw().has_value() != first.raw().has_value() ||
          windows[end] != windows[begin])
        break;
      if (r.raw()) values.push_back(*r.raw());
    }
    const Reference& window = windows[begin];
    runs.varint(end - begin);
    runs.u8(static_cast<std::uint8_t>((first.raw() ? 1 : 0) | static_cast<int>(window.kind) << 1));
    runs.u8(static_cast<std::uint8_t>(first.state()));
    runs.u8(static_cast<std::uint8_t>(first.reason()));
    runs.u8(static_cast<std::uint8_t>(first.source()));
    if (window.kind == Kind::fixed) runs.f64(window.fixed);
    if (window.kind == Kind::track) runs.varint(window.track);
    ++run_count;
    begin = end;
  }
  out.varint(readings.size());
  out.varint(run_count);
  out.bytes(runs.view());
  if (!values.empty()) encode_numbers(values, precision, codec, out);
}

bool decode_column(ByteReader& in, IntegerCodec& codec, Column& column) {
  column.count = in.count(kMaxCount);
  column.runs.clear();
  column.numbers.integers.clear();
  const std::size_t run_count = in.count(column.count);
  std::size_t begin = 0;
  std::size_t value_count = 0;
  for (std::size_t k = 0; k < run_count && in.ok(); ++k) {
    Column::Run run;
    run.begin = begin;
    run.value_begin = value_count;
    const std::size_t length = in.count(column.count - begin);
    if (length == 0) return false;
    begin += length;
    const std::uint8_t flags = in.u8();
    if (flags >> 1 > static_cast<int>(Kind::track)) return false;
    run.has_value = (flags & 1) != 0;
    if (run.has_value) value_count += length;
    run.window.kind = static_cast<Kind>(flags >> 1);
    run.state = in.u8();
    run.reason = in.u8();
    run.source = in.u8();
    if (run.window.kind == Kind::fixed) run.window.fixed = in.f64();
    if (run.window.kind == Kind::track) run.window.track = in.count(kMaxTracks - 1);
    column.runs.push_back(run);
  }
  if (!in.ok() || begin != column.count) return false;
  return value_count == 0 || decode_numbers(in, value_count, codec, column.numbers);
}

}  // namespace assay::store

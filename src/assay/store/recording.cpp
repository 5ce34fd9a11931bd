// SPDX-License-Identifier: Apache-2.0
#include "assay/store/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "assay/base/counted.hpp"
#include "assay/store/archive.hpp"
#include "assay/store/segment_view.hpp"
#include "assay/store/series.hpp"

namespace assay::store {
namespace {

constexpr double kMaxBuckets = 1e7;

}  // namespace

class Recording::Impl {
 public:
  Impl(Archive archive, const std::filesystem::path& path)
      : archive_(std::move(archive)),
        origin_{sample::OriginKind::recording, path.filename().string()} {}

  const SegmentView& view(std::size_t segment) {
    const SegmentInfo& info = archive_.segments[segment];
    if (!view_ || view_->number() != info.number) {
      view_.reset();  // never two segments in memory
      view_.emplace(archive_, info);
    }
    return *view_;
  }

  sample::Snapshot snapshot(std::size_t segment, std::size_t window) {
    sample::Snapshot result = view(segment).snapshot(archive_, window);
    result.origin = origin_;
    return result;
  }

  // The first window that ends at t or later: segment and place, or the end.
  std::pair<std::size_t, std::size_t> seek(std::int64_t t) {
    const auto& segments = archive_.segments;
    for (std::size_t s = 0; s < segments.size(); ++s) {
      if (segments[s].max_at_ns < t) continue;
      const auto& times = archive_.times(segments[s]);
      const auto it = std::ranges::find_if(times, [&](std::int64_t at) { return at >= t; });
      return {s, static_cast<std::size_t>(it - times.begin())};
    }
    return {segments.size(), 0};
  }

  std::optional<std::pair<std::size_t, std::size_t>> before(
      std::pair<std::size_t, std::size_t> place) const {
    if (place.second > 0) return std::pair(place.first, place.second - 1);
    if (place.first == 0) return std::nullopt;
    return std::pair(place.first - 1, archive_.segments[place.first - 1].count - 1);
  }

  // The same with what is only the window before's told again made stale.
  sample::Snapshot marked(std::pair<std::size_t, std::size_t> place) {
    sample::Repeats repeats;
    if (const auto last = before(place)) repeats.remember(snapshot(last->first, last->second));
    sample::Snapshot result = snapshot(place.first, place.second);
    repeats.mark(result);
    return result;
  }

  Archive archive_;
  sample::Origin origin_;
  std::optional<SegmentView> view_;
};

Recording::Recording(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Recording::~Recording() = default;
Recording::Recording(Recording&&) noexcept = default;
Recording& Recording::operator=(Recording&&) noexcept = default;

Result<Recording> Recording::open(const std::filesystem::path& path) {
  TRY_ASSIGN(Archive archive, Archive::open(path));
  return Recording(std::make_unique<Impl>(std::move(archive), path));
}

const Provenance& Recording::provenance() const { return impl_->archive_.provenance; }
const sample::Origin& Recording::recorded_origin() const { return impl_->archive_.origin; }
const sample::Origin& Recording::origin() const { return impl_->origin_; }
const std::vector<sample::DeviceFacts>& Recording::devices() const {
  return impl_->archive_.devices;
}
const std::vector<sample::Event>& Recording::events() const { return impl_->archive_.events; }
bool Recording::finished() const { return impl_->archive_.finished_windows.has_value(); }
const std::vector<std::string>& Recording::salvage_notes() const { return impl_->archive_.notes; }

std::optional<std::string> Recording::damage() const {
  const Archive& archive = impl_->archive_;
  if (archive.notes.empty()) return std::nullopt;
  // How many there were is known where the recorder closed the file, and where a later one is left.
  std::int64_t recorded = archive.finished_windows.value_or(0);
  if (!archive.segments.empty()) {
    const SegmentInfo& last = archive.segments.back();
    recorded = std::max(recorded, last.first + static_cast<std::int64_t>(last.count));
  }
  const std::int64_t saved = window_count();
  std::string text = "it is damaged or cut off; ";
  if (saved == 0) text += "no window could be saved";
  else if (saved < recorded)
    text += fmt::format("{} of {} saved", saved, counted(recorded, "window"));
  else
    text += saved == 1 ? "its one window was saved"
                       : fmt::format("all of its {} windows were saved", saved);
  if (archive.first_lost)
    text += fmt::format(", without {}{}", *archive.first_lost,
                        archive.lost_chunks == 1
                            ? std::string()
                            : " and " + counted(archive.lost_chunks - 1, "other part"));
  return text;
}

void Recording::verify() {
  for (std::size_t s = 0; s < impl_->archive_.segments.size(); ++s)
    static_cast<void>(impl_->view(s));
}

std::int64_t Recording::window_count() const {
  std::int64_t count = 0;
  for (const SegmentInfo& segment : impl_->archive_.segments)
    count += static_cast<std::int64_t>(segment.count);
  return count;
}

std::optional<sample::WallTime> Recording::first_time() const {
  const auto& segments = impl_->archive_.segments;
  if (segments.empty()) return std::nullopt;
  return sample::WallTime{std::ranges::min(segments, {}, &SegmentInfo::min_at_ns).min_at_ns};
}

std::optional<sample::WallTime> Recording::last_time() const {
  const auto& segments = impl_->archive_.segments;
  if (segments.empty()) return std::nullopt;
  return sample::WallTime{std::ranges::max(segments, {}, &SegmentInfo::max_at_ns).max_at_ns};
}

Cursor Recording::cursor(sample::WallTime from) {
  const auto [segment, window] = impl_->seek(from.unix_ns);
  return {*impl_, segment, window};
}

Result<std::optional<sample::Snapshot>> Cursor::next() {
  const auto& segments = recording_->archive_.segments;
  while (segment_ < segments.size() && window_ >= segments[segment_].count) {
    ++segment_;
    window_ = 0;
  }
  if (segment_ >= segments.size()) return std::optional<sample::Snapshot>();
  if (!std::exchange(begun_, true))
    if (const auto last = recording_->before({segment_, window_}))
      repeats_.remember(recording_->snapshot(last->first, last->second));
  sample::Snapshot snapshot = recording_->snapshot(segment_, window_++);
  repeats_.mark(snapshot);
  return std::optional(std::move(snapshot));
}

Result<sample::Snapshot> Recording::at(sample::WallTime t) {
  const auto place = impl_->seek(t.unix_ns);
  if (place.first < impl_->archive_.segments.size()) {
    sample::Snapshot next = impl_->snapshot(place.first, place.second);
    double longest = 0;
    for (const auto& device : next.devices)
      longest = std::max(longest, device.sample.window.value());
    const double ahead = static_cast<double>(next.at.unix_ns) - static_cast<double>(t.unix_ns);
    if (next.at == t || ahead < longest * 1e9) return impl_->marked(place);
  }
  if (const auto last = impl_->before(place)) return impl_->marked(*last);
  return Error{
      ErrorCode::not_found,
      fmt::format("'{}' has no window at or before the time asked for; it {}", impl_->origin_.name,
                  window_count() == 0 ? "holds none at all" : "starts later")};
}

Result<Series> Recording::series(std::size_t device, metric::Id id, sample::WallTime from,
                                 sample::WallTime to, Seconds step) {
  Archive& archive = impl_->archive_;
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("cannot make a series of {} from '{}': {}", metric::to_string(id),
                             impl_->origin_.name, why)};
  };
  if (device >= archive.devices.size()) return refuse("there is no such device");
  if (to <= from) return refuse("its end is not after its start");
  const double span = static_cast<double>(to.unix_ns) - static_cast<double>(from.unix_ns);
  const double step_ns = std::round(step.value() * 1e9);
  if (!(step_ns >= 1) || step_ns > 9e18) return refuse("the step must be positive");
  const double buckets = std::ceil(span / step_ns);
  if (span >= 9e18 || buckets > kMaxBuckets) return refuse("that would be too many buckets");
  Series series{from, step, std::vector<Bucket>(static_cast<std::size_t>(buckets))};
  if (const auto stream = archive.vocabulary.stream(id)) {
    Column column;
    const Archive::ReadScope scope(archive);
    for (const SegmentInfo& segment : archive.segments)
      add_segment_to_series(archive, segment, static_cast<std::uint32_t>(device), *stream,
                            to.unix_ns, static_cast<std::int64_t>(step_ns), column, series);
  }
  for (Bucket& bucket : series.buckets)
    if (bucket.count > 0) bucket.mean /= static_cast<double>(bucket.count);
  return series;
}

}  // namespace assay::store

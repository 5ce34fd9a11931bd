// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/series_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "assay/format/format.hpp"
#include "assay/serve/series_json.hpp"
#include "assay/serve/sums_file.hpp"
#include "assay/store/recording.hpp"

namespace assay::serve {
namespace {

constexpr std::size_t kMostBuckets = 1'000'000;  // 32 MB of them

Result<std::vector<std::size_t>> chosen(const std::string& device,
                                        std::span<const sample::DeviceFacts> devices) {
  std::vector<bool> wanted(devices.size(), device.empty());
  for (std::string_view rest = device; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view name = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    bool found = false;
    for (std::size_t i = 0; i < devices.size(); ++i)
      if (devices[i].uuid == name || fmt::format("{}", devices[i].index) == name)
        wanted[i] = found = true;
    if (!found)
      return Error{ErrorCode::not_found,
                   fmt::format("device: there is none of index or uuid \"{}\"", name)};
  }
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < devices.size(); ++i)
    if (wanted[i]) places.push_back(i);
  return places;
}

bool overlaps(const Chunk& chunk, const Grid& grid) {
  return chunk.start_ns <= grid.to_ns && chunk.end_ns >= grid.from_ns;
}

// Adds what one recording has of the metrics of the table.
void read_chunk(const Chunk& chunk, const sample::Origin& origin, const Grid& grid,
                std::vector<DeviceSeries>& all) {
  auto recording = store::Recording::open(chunk.recording());
  if (!recording || recording->recorded_origin() != origin) return;
  for (DeviceSeries& series : all) {
    const auto id = metric::find(series.metric);
    const auto& known = recording->devices();
    const auto device = std::ranges::find(known, series.uuid, &sample::DeviceFacts::uuid);
    if (!id || device == known.end()) continue;
    const auto part =
        recording->series(static_cast<std::size_t>(device - known.begin()), *id, {grid.from_ns},
                          {grid.to_ns}, Seconds(static_cast<double>(grid.step_ns) * 1e-9));
    for (std::size_t i = 0; part && i < std::min(part->buckets.size(), series.buckets.size()); ++i)
      join(series.buckets[i], part->buckets[i]);
  }
}

}  // namespace

Result<std::string> series_answer(SeriesRequest request, const SeriesSources& sources) {
  TRY_ASSIGN(const std::vector<std::size_t> devices, chosen(request.device, sources.devices));
  const auto is_derived = [](const SeriesMetric& metric) { return !metric.id; };
  const bool derived = std::ranges::any_of(request.metrics, is_derived);
  const bool stored = !std::ranges::all_of(request.metrics, is_derived);
  Grid& grid = request.grid;
  const std::int64_t in_memory =
      sources.history->first().value_or(std::numeric_limits<std::int64_t>::max());
  // Of older windows only the sums of ten seconds are left.
  const auto is_older = [&](const Chunk& chunk) {
    return chunk.start_ns < in_memory - kSumsStep && overlaps(chunk, grid);
  };
  if (derived && grid.from_ns < in_memory && std::ranges::any_of(sources.chunks, is_older))
    grid.step_ns = std::max(grid.step_ns, kSumsStep);

  if (devices.size() * request.metrics.size() * grid.size() > kMostBuckets)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("{} devices x {} metrics x {} steps are more than {} figures; name a "
                             "device, fewer metrics or a longer step",
                             devices.size(), request.metrics.size(), grid.size(), kMostBuckets)};
  std::vector<DeviceSeries> all;
  for (const std::size_t device : devices)
    for (const SeriesMetric& metric : request.metrics) {
      const sample::DeviceFacts& facts = sources.devices[device];
      all.push_back({facts.index, facts.uuid, metric.name(), metric.unit(),
                     std::vector<store::Bucket>(grid.size())});
      if (!metric.id) sources.history->read(device, metric.derived, grid, all.back().buckets);
    }
  for (const Chunk& chunk : sources.chunks) {
    if (!overlaps(chunk, grid)) continue;
    if (stored) read_chunk(chunk, sources.origin, grid, all);
    for (DeviceSeries& series : all)
      // Ten seconds at one place of a finer grid would look like a window between gaps.
      if (const auto id = find_derived(series.metric);
          id && chunk.start_ns < in_memory && grid.step_ns >= kSumsStep)
        read_sums(chunk.sums(), {&sources.origin, series.uuid, *id}, grid, in_memory,
                  series.buckets);
  }
  return series_json(grid, sources.origin, all);
}

}  // namespace assay::serve

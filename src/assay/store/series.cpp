// SPDX-License-Identifier: Apache-2.0
#include "assay/store/series.hpp"

#include <algorithm>
#include <cmath>

namespace assay::store {
namespace {

// Sums of up to 65,536 values under 2^52 do not fit 64 bits.
__extension__ using Wide = __int128;

void merge(Bucket& bucket, double low, double high, double sum, std::int64_t count) {
  // mean holds the sum until the series is complete.
  if (bucket.count == 0) {
    bucket = {count, low, sum, high};
    return;
  }
  bucket.count += count;
  bucket.min = std::min(bucket.min, low);
  bucket.max = std::max(bucket.max, high);
  bucket.mean += sum;
}

// Values [begin, end) of a column all belong to one bucket.
void add_values(const Numbers& numbers, std::size_t begin, std::size_t end, Bucket& bucket) {
  if (numbers.rule == Numbers::Rule::bits) {
    for (std::size_t i = begin; i < end; ++i)
      if (const double v = numbers[i]; !std::isnan(v)) merge(bucket, v, v, v, 1);
    return;
  }
  const std::int64_t* values = numbers.integers.data();
  std::int64_t low = values[begin];
  std::int64_t high = low;
  Wide sum = 0;
  for (std::size_t i = begin; i < end; ++i) {
    low = std::min(low, values[i]);
    high = std::max(high, values[i]);
    sum += values[i];
  }
  const auto count = static_cast<std::int64_t>(end - begin);
  const double unit = numbers.to_double(1);
  merge(bucket, numbers.to_double(low), numbers.to_double(high),
        numbers.rule == Numbers::Rule::divide ? static_cast<double>(sum) / std::round(1.0 / unit)
                                              : static_cast<double>(sum) * unit,
        count);
}

// Windows [begin, end) of a run with values, its times in order.
struct Span {
  std::size_t begin;
  std::size_t end;
};

class SegmentSeries {
 public:
  SegmentSeries(const std::vector<std::int64_t>& times, const Column& column, std::int64_t to_ns,
                std::int64_t step_ns, Series& series)
      : times_(times), column_(column), to_ns_(to_ns), step_ns_(step_ns), series_(series) {}

  void add_run(const Column::Run& run, Span windows, bool ordered) {
    for (std::size_t i = windows.begin; i < windows.end;) {
      const std::int64_t at = times_[i];
      if (at < series_.from.unix_ns || at >= to_ns_) {
        ++i;
        continue;
      }
      const std::int64_t k = (at - series_.from.unix_ns) / step_ns_;
      const std::size_t end = ordered ? bucket_end(i, windows.end, k) : i + 1;
      const std::size_t first = run.value_begin + (i - run.begin);
      add_values(column_.numbers, first, first + (end - i),
                 series_.buckets[static_cast<std::size_t>(k)]);
      i = end;
    }
  }

 private:
  std::size_t bucket_end(std::size_t i, std::size_t end, std::int64_t bucket) const {
    const std::int64_t limit = bucket + 1 == static_cast<std::int64_t>(series_.buckets.size())
                                   ? to_ns_
                                   : series_.from.unix_ns + (bucket + 1) * step_ns_;
    const auto begin = times_.begin() + static_cast<std::ptrdiff_t>(i);
    const auto last = times_.begin() + static_cast<std::ptrdiff_t>(end);
    return static_cast<std::size_t>(std::lower_bound(begin, last, limit) - times_.begin());
  }

  const std::vector<std::int64_t>& times_;
  const Column& column_;
  std::int64_t to_ns_;
  std::int64_t step_ns_;
  Series& series_;
};

}  // namespace

void add_segment_to_series(Archive& archive, const SegmentInfo& segment, std::uint32_t device,
                           std::uint32_t stream, std::int64_t to_ns, std::int64_t step_ns,
                           Column& column, Series& series) {
  if (segment.max_at_ns < series.from.unix_ns || segment.min_at_ns >= to_ns) return;
  const auto data = archive.chunk(segment, stream, device, false);
  if (!data) return;
  ByteReader in(*data);
  if (!decode_column(in, archive.codec, column) || column.count != segment.count) {
    archive.note_damage(segment, stream, device);
    return;
  }
  const auto& times = archive.times(segment);
  SegmentSeries adder(times, column, to_ns, step_ns, series);
  for (std::size_t k = 0; k < column.runs.size(); ++k) {
    const Column::Run& run = column.runs[k];
    const std::size_t end = k + 1 < column.runs.size() ? column.runs[k + 1].begin : column.count;
    const sample::State state = archive.vocabulary.state(run.state);
    if (run.has_value && state <= sample::State::estimated)
      adder.add_run(run, {run.begin, end}, segment.ordered);
  }
}

}  // namespace assay::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/store/segment.hpp"
#include "assay/store/window_row.hpp"

namespace assay::store {

// Feeds bytes to every decoder of what a file holds: the first byte picks one. Whatever comes out
// is walked through, so that an index out of range shows. Shared by test/fuzz and the unit test.
inline void decode_anything(BlobView input, IntegerCodec& codec) {
  if (input.empty()) return;
  const BlobView data = input.subspan(1);
  double sum = 0;
  if (input[0] % 5 == 0) {
    Column column;
    ByteReader in(data);
    if (!decode_column(in, codec, column)) return;
    for (std::size_t i = 0; i < column.count; ++i)
      if (const auto& run = column.run_of(i); run.has_value)
        sum += column.numbers[run.value_begin + (i - run.begin)];
  } else if (input[0] % 5 == 1) {
    if (const auto windows = decode_windows(data, codec)) sum += windows->rss[0];
  } else if (input[0] % 5 == 2) {
    const std::vector<std::int64_t> at_ns(40, 1'763'800'000'000'000'000);
    const auto device = decode_device_chunk(data, at_ns, codec);
    for (std::size_t i = 0; device && i < device->at_ns.size(); ++i)
      sum += static_cast<double>(device->troubles[device->run_of(i).trouble].size()) +
             device->tracks.at(0, i);
  } else if (input[0] % 5 == 3) {
    const auto processes = decode_processes(data, codec);
    for (std::size_t k = 0; processes && k < processes->size(); ++k)
      sum += (*processes)[k].present(k) ? 1 : 0;
  } else if (const auto row = open_window(data)) {
    static const Vocabulary kVocabulary = Vocabulary::current();
    for (const auto& device : row->devices) {
      sample::Sample sample;
      static_cast<void>(decode_device(device.body, row->at, kVocabulary, sample));
    }
  }
  // Keeps the compiler from dropping the walk.
  const volatile double sink = sum;
  static_cast<void>(sink);
}

}  // namespace assay::store

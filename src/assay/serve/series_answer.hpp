// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/sample/sample.hpp"
#include "assay/serve/chunk_list.hpp"
#include "assay/serve/history.hpp"
#include "assay/serve/series_request.hpp"

namespace assay::serve {

// What a series is read from: the recordings of the store, and the newest windows in memory.
struct SeriesSources {
  std::vector<Chunk> chunks;
  const History* history = nullptr;
  std::span<const sample::DeviceFacts> devices;
  sample::Origin origin;
};

// "assay.series/1" (docs/json.md). Errors: not_found where there is no such device;
// invalid_argument for more figures than memory should hold. What can't be
// read of the store is a gap: count 0. May take seconds: not for the server's thread.
Result<std::string> series_answer(SeriesRequest request, const SeriesSources& sources);

}  // namespace assay::serve

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "assay/sample/sample.hpp"
#include "assay/serve/bucket.hpp"

namespace assay::serve {

// "assay.series/1" of docs/json.md, one line.
std::string series_json(const Grid& grid, const sample::Origin& origin,
                        std::span<const DeviceSeries> all);

}  // namespace assay::serve

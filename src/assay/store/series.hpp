// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/store/archive.hpp"
#include "assay/store/recording.hpp"

namespace assay::store {

// Adds the usable readings of one device's metric in one segment to a series; decodes only that
// chunk, and nothing of a segment outside the series' span. `column` is scratch, kept between
// calls. `to_ns` ends the series.
void add_segment_to_series(Archive& archive, const SegmentInfo& segment, std::uint32_t device,
                           std::uint32_t stream, std::int64_t to_ns, std::int64_t step_ns,
                           Column& column, Series& series);

}  // namespace assay::store

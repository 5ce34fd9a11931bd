// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "assay/exposition/exposition.hpp"

namespace assay::push {

// The body of one remote write 1.0 request (prometheus.io/docs/specs/prw/remote_write_spec): a
// WriteRequest with one sample a series, all at this time, compressed by snappy's block format.
// `target` labels (job, instance) go to each series that lacks them: no scraper adds them here.
std::string remote_write_body(const exposition::Scrape& scrape, std::int64_t unix_ms,
                              const exposition::Labels& target);

}  // namespace assay::push

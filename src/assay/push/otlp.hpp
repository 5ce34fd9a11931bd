// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "assay/exposition/exposition.hpp"

namespace assay::push {

// The body of one OTLP/HTTP request (opentelemetry.io/docs/specs/otlp, opentelemetry-proto 1.x): an
// ExportMetricsServiceRequest. Families of "# TYPE x counter" become cumulative monotonic sums that
// began at `start_unix_ms`, all else gauges; values that are no number are left out: OTLP's gauges
// know none. `resource` are its attributes (service.name, host.name).
std::string otlp_body(const exposition::Scrape& scrape, std::int64_t unix_ms,
                      std::int64_t start_unix_ms, const exposition::Labels& resource);

}  // namespace assay::push

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/http/server.hpp"
#include "assay/sample/sample.hpp"

namespace assay::serve {

struct DaemonState {
  std::string version;
  std::int64_t windows = 0;
  std::int64_t unstored = 0;
  bool store_failing = false;
};

// What the daemon itself costs and lost, in Prometheus' text format.
std::string self_text(const sample::SelfCost& cost, const http::ServerCounters& http,
                      const DaemonState& state);

}  // namespace assay::serve

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/engine/dialect.hpp"
#include "assay/exposition/exposition.hpp"
#include "assay/sample/reading.hpp"
#include "assay/units/units.hpp"

namespace assay::engine {

using Figure = sample::Reading<double>;

// What an engine said of itself over a window. A figure that it does not offer is unknown
// (not_supported); a rate at the first scrape, or across a restart, is unknown (first_sample); a
// latency of which no token told in the window is unknown (no_new_data).
struct Report {
  std::string url;
  std::string id;  // of the dialect; empty while the engine has never answered
  std::string name;
  std::string profile;  // of data/engines
  std::string trouble;  // why there is nothing: one sentence; then every figure is unknown
  std::vector<std::string> models;  // that it serves, as it calls them
  Seconds window{0};

  Figure prompt_tokens_per_second;
  Figure generation_tokens_per_second;  // estimated where the engine only tells at a request's end
  Figure first_token_s;                 // means over the window
  Figure next_token_s;
  Figure running;   // of the moment
  Figure waiting;   // of the moment
  Figure kv_usage;  // 0..1, of the moment
  Figure batch;     // sequences that decoded at once, over the window: estimated
  Figure context;   // mean tokens of one of them in the cache: estimated
};

// One scrape and when it was made, on any clock that only goes forward.
struct Observation {
  exposition::Scrape scrape;
  Seconds at{0};
};

// before: the scrape before, of the same engine; nullptr for the first.
Report report(const Dialect& dialect, const Observation* before, const Observation& now);

// The report of an engine that gave none.
Report without(std::string url, std::string trouble);

}  // namespace assay::engine

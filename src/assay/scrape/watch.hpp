// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "assay/base/result.hpp"
#include "assay/engine/report.hpp"
#include "assay/units/units.hpp"

namespace assay::scrape {

inline constexpr Seconds kDeadline{2};

// Watches one engine. Where the URL has no path, /metrics is asked for, and where that is no
// Prometheus text, /prometheus/metrics (trtllm-serve's). Any thread may call any of it.
class Watch {
 public:
  // invalid_argument: the text is no http or https URL. Asks nothing yet.
  static Result<Watch> open(std::string_view url);

  // Asks now, for at most kDeadline. What is wrong is in the report's `trouble`; the scrape before
  // stays what the next one is compared with.
  void poll();

  // Asks every `period` on a thread of its own until this goes. Call once.
  void start(Seconds period);

  // Of the last poll; its `trouble` says so where there was none yet.
  [[nodiscard]] engine::Report latest() const;

  ~Watch();
  Watch(Watch&&) noexcept;
  Watch& operator=(Watch&&) noexcept;

 private:
  struct State;
  explicit Watch(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace assay::scrape

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "assay/appraise/appraisal.hpp"

namespace assay::wire {

// Counter tracks in the Chrome trace format ("Trace Event Format", Google, 2016, JSON object form),
// which ui.perfetto.dev opens: a device is a process, a quantity a counter ("C") that changes where
// a window begins; the recording's events are instants ("i"). Times are microseconds since the
// first window's begin. The format has no unknown, and a viewer draws a counter on until its next
// value: where a quantity becomes unknown, an instant "<name> (unknown)" says so, and there is no
// value, least of all 0.
class CounterTrace {
 public:
  // The text so far is complete once end() was appended.
  std::string begin(const sample::Origin& origin, const sample::Origin& recorded);
  std::string window(const appraise::AppraisedSnapshot& snapshot);
  std::string event(const sample::Event& event);
  static std::string end();

 private:
  std::string device(const appraise::Appraisal& device);
  std::string value(int device, std::string_view name, std::optional<double> value, double at_us);
  double microseconds(std::int64_t unix_ns);

  std::optional<std::int64_t> epoch_ns_;
  std::map<int, std::map<std::string, std::optional<double>, std::less<>>> last_;
};

}  // namespace assay::wire

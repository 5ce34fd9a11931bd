// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/contrast/series.hpp"

namespace assay::contrast {

enum class Kind : std::uint8_t { rung, loss, cause, power, money };

// What is compared of a run. Shares are 0..1, power in watts, money in dollars an hour; all are
// means over the devices. `least` is what has to differ at least to be told: two runs of one
// program differ by that much through what no window shows (temperature, placement).
struct Quantity {
  Kind kind;
  std::string_view id;     // as in the JSON: "sm_active", "held-idle"
  std::string_view title;  // for people
  double least;
};
// Rungs, losses, causes (the share of the device time in which it was the first), power, money.
const std::vector<Quantity>& quantities();

struct Run {
  std::vector<Series> series;  // as quantities()
  std::size_t windows = 0;
  Seconds length{0};  // the windows together
  std::set<int> devices;
  std::optional<DollarsPerHour> paid;  // of all devices an hour, as in the last window with a price
};

// Gathers a run window by window, in time order. Windows in which a quantity is unknown of all
// devices do not count for it; of some, the others' mean does.
class RunGatherer {
 public:
  // only: the index of the device that is compared; none: all.
  explicit RunGatherer(std::optional<int> only = std::nullopt) : only_(only) {
    run_.series.resize(quantities().size());
  }
  void add(const appraise::AppraisedSnapshot& snapshot);
  [[nodiscard]] const Run& run() const { return run_; }

 private:
  std::optional<int> only_;
  Run run_;
};

}  // namespace assay::contrast

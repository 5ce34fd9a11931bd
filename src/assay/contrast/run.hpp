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
  std::size_t device_lost = 0;         // windows in which a device was lost
  std::size_t device_unanswered = 0;   // others in which one gave no answer in time
  bool money_at_least = false;         // what was lost while a device was gone is not known
};

// Gathers a run window by window, in time order. Windows in which a quantity is unknown of all
// devices do not count for it; of some, the others' mean does. A window without the device is
// unattributed as a whole: it counts as none of each other loss and cause that the run knows, and
// as no dollar known to be lost. Of its rungs and its power it tells nothing.
class RunGatherer {
 public:
  // only: the index of the device that is compared; none: all.
  explicit RunGatherer(std::optional<int> only = std::nullopt) : only_(only) {
    run_.series.resize(quantities().size());
    absent_.resize(quantities().size());
  }
  void add(const appraise::AppraisedSnapshot& snapshot);
  [[nodiscard]] const Run& run() const { return run_; }

 private:
  void count_windows(const std::vector<const appraise::Appraisal*>& devices, double longest);
  void add_quantity(std::size_t place, const std::vector<const appraise::Appraisal*>& devices,
                    double longest);

  std::optional<int> only_;
  Run run_;
  // Lengths of the windows without a device before a quantity was first known: none of it, if it
  // ever is.
  std::vector<std::vector<double>> absent_;
};

}  // namespace assay::contrast

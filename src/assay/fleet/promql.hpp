// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/units/units.hpp"

namespace assay::fleet {

enum class By { node, job, user, pod, chip, cause };
std::string_view to_string(By by);
std::optional<By> parse_by(std::string_view word);

// Whose metrics the fleet is seen by: assay's own, or those that NVIDIA's dcgm-exporter serves.
enum class Names { assay, dcgm };

// The labels that name a holder, the best first; a series has some of them.
std::vector<std::string_view> labels_of(By by, Names names);
// The label with the chip: assay's catalog id, or what NVML calls the board.
std::string_view chip_label(Names names);

// What tells how much of the window was seen.
struct SeenQueries {
  std::string copies;  // one number: the most targets that tell of one device; none: no device
  std::string counts;  // by job and instance: the most samples of one device
};
SeenQueries seen_queries(Names names, Seconds window);

// Seconds between samples by job and instance. The first of them that has rows holds: each reads a
// smaller or an older piece than is wanted first. Between two instants the last samples' times
// differ by just as many intervals as there were samples meanwhile, however the grid lies; the
// median over the pieces forgets those in which a target was away.
std::vector<std::string> interval_queries(Names names, Seconds window);

// The queries of one window, which ends `back` before the time asked of. Those of parts sum
// device-samples over the window; fleet::Coverage makes hours of them. A query costs the server in
// proportion to the series that it reads, so there are few: prices are means, not sums beside each
// part. `apart`: by device, job and instance too, where targets differ or tell of the same device.
struct Queries {
  std::string devices;  // by holder and chip: how many devices (not series) were there at all
  std::string parts;    // by holder, chip and part of the ladder
  std::string losses;   // the same of what was lost alone
  std::string price;    // by holder and chip: mean $/h of a device; empty for dcgm
};
Queries queries(By by, Names names, Seconds window, Seconds back, bool apart = false);

// Of the parts, those that dcgm's names tell: "busy" and "sm_active" share-samples by holder, chip.
struct DcgmQueries {
  std::string busy;
  std::string busy_sampled;  // where the profiling metrics are not exported: GPU-Util
  std::string sm_active;
};
DcgmQueries dcgm_queries(By by, Seconds window, Seconds back, bool apart = false);

// Device-samples whose first cause was this one, and dollars and hours lost meanwhile, of the last
// `seen` of the window: all that the server has.
struct CauseQueries {
  std::string hours;
  std::string lost_usd;
  std::string lost_hours;
};
CauseQueries cause_queries(Seconds window, Seconds seen, Seconds back, bool apart = false);

// Devices that had a sample in the last five minutes, by chip and loss, of which that loss took
// more than 90 % of what was seen of them in the window. Of dcgm's names the only loss is "idle",
// by chip: busy for less than 10 %.
std::string what_if_query(Names names, Seconds window);

// Dollars an hour of all devices' known losses, for a range query.
std::string trend_query();

// Each device's load: memory in use (most in the window), its size, and the share of the window
// that it was busy; by uuid and chip. `present`: those that had a sample in the last five minutes.
struct LoadQueries {
  std::string present;
  std::string memory;
  std::string capacity;
  std::string busy;
};
LoadQueries load_queries(Names names, Seconds window);

}  // namespace assay::fleet

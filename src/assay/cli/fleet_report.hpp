// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assay/cli/fleet_server.hpp"
#include "assay/cli/style.hpp"
#include "assay/fleet/account.hpp"
#include "assay/fleet/placement.hpp"
#include "assay/sample/sample.hpp"

namespace assay::cli {

struct FleetQuestion {
  fleet::By by = fleet::By::node;
  Seconds window{3600};
  bool placement = false;
};

// Devices of one chip that lose nearly all of the window in one way.
struct WhatIf {
  std::string loss;
  std::string chip;
  double devices = 0;
  std::optional<double> usd_per_hour;  // of those devices
};

// What a chip's devices hold, and the fewest that would.
struct Placement {
  fleet::Packing packing;
  int needed = 0;    // devices that hold all loads
  int at_least = 0;  // no placement needs fewer: the solver's bound
  bool optimal = true;
  std::optional<double> usd_per_hour_saved;
};

struct FleetReport {
  std::string server;
  sample::WallTime at;
  Seconds window{0};
  Seconds seen{0};  // of the window, of the device that was seen longest
  fleet::By by = fleet::By::node;
  fleet::Names names = fleet::Names::assay;
  fleet::Account account;
  std::vector<double> trend;  // $/h lost by all, over this window and the one before
  std::vector<WhatIf> what_if;
  std::vector<Placement> placements;
  std::size_t devices_unknown = 0;  // to the placement: a reading of theirs is missing
  std::string no_placement;         // why there is none: one sentence
  std::vector<std::string> warnings;
  bool partial = false;  // the server says that not all of its storage answered
};

// Asks all that the question needs. Errors: those of FleetServer; nothing_to_measure where the
// server knows no device in the window.
Result<FleetReport> fleet_report(const FleetServer& server, const FleetQuestion& question,
                                 sample::WallTime now, const fleet::PriceOf& price_of);

std::string fleet_view(const Style& style, const FleetReport& report, std::size_t top);
std::string fleet_json(const FleetReport& report);
std::string fleet_csv(const FleetReport& report);

// "held, no kernel resident": a part of the ladder for people.
std::string_view fleet_part_text(std::string_view part);
// What the loss of these devices is worth, as a sentence.
std::string what_if_text(const WhatIf& what_if);

}  // namespace assay::cli

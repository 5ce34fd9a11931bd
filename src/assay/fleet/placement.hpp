// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "assay/fleet/answer.hpp"
#include "assay/fleet/promql.hpp"

// The fewest devices of a chip that would hold the present load: a cutting-stock problem in memory
// and busy time. Advice, no plan: tenants of one device slow each other down in cache, bandwidth
// and clocks, which no count of memory and time can tell.
namespace assay::fleet {

// What runs on one device now.
struct Load {
  std::string uuid;
  std::string chip;
  double memory_bytes = 0;    // most in the window
  double capacity_bytes = 0;  // of the device
  double busy = 0;            // share of the window, 0..1
};
// The answers to LoadQueries. Of the devices that are present, those of which one figure is not
// known are left out; `unknown` counts them. Those that are gone are no load, and no room.
struct LoadAnswers {
  Answer present;
  Answer memory;
  Answer capacity;
  Answer busy;
};
std::vector<Load> loads(Names names, const LoadAnswers& answers, std::size_t& unknown);

struct PlacementLimits {
  double busy_most = 0.8;     // of a device's time, all its tenants together
  double memory_most = 0.95;  // of its memory
  int tenants_most = 4;
  // Less is what the driver holds by itself on a device that nobody uses.
  double idle_memory_bytes = 1.0e9;
  double idle_busy = 0.005;
};

// Of one chip, loads counted by size. Memory and time are rounded up to whole steps of 1 / steps of
// what a device may be filled to, so that what is found can really be placed.
struct Packing {
  struct Size {
    int memory = 0;  // steps
    int busy = 0;
    int count = 0;
  };
  struct Pattern {
    std::vector<std::pair<int, int>> sizes;  // index of a size, how many of them on one device
  };
  std::string chip;
  int devices = 0;  // now
  int idle = 0;     // that nothing runs on
  int alone = 0;    // whose load fills a device by itself: over the limits already
  std::vector<Size> sizes;
  std::vector<Pattern> patterns;
};

// One a chip that has loads; chips of fewer than two devices are left out.
std::vector<Packing> packings(const std::vector<Load>& loads, const PlacementLimits& limits);

}  // namespace assay::fleet

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "assay/probe/nvml/entries.hpp"
#include "assay/probe/nvml/line.hpp"

namespace assay::probe::nvml {

// What a group of readings has to remember between two rounds.
struct Carry {
  std::optional<Joules> energy;
  std::int64_t energy_ns = 0;
};

// A few calls that belong together and the readings made of them. Each writes all of its metrics
// every time: a value or the reason why not. Stops early once the device is in trouble.
using ReadGroup = void (*)(Line&, Carry&, Entries&);

void read_utilization(Line&, Carry&, Entries&);
void read_memory(Line&, Carry&, Entries&);
void read_power(Line&, Carry&, Entries&);
void read_energy(Line&, Carry&, Entries&);
void read_clocks(Line&, Carry&, Entries&);
void read_throttle(Line&, Carry&, Entries&);
void read_temperature(Line&, Carry&, Entries&);
void read_fields(Line&, Carry&, Entries&);  // instant power, memory temperature

void read_limits(Line&, Carry&, Entries&);  // power limit, highest clocks
void read_pcie(Line&, Carry&, Entries&);
void read_fan(Line&, Carry&, Entries&);
void read_codecs(Line&, Carry&, Entries&);
void read_ecc(Line&, Carry&, Entries&);
void read_retired(Line&, Carry&, Entries&);
void read_remapped(Line&, Carry&, Entries&);

// For every sample: each costs microseconds (measured on an H100: utilization 1.6, power 1.5,
// memory 9). One that turns out slow on some device is moved to the slow lane while it runs.
inline constexpr std::array<ReadGroup, 8> kFastGroups = {
    read_utilization, read_memory,   read_power,       read_energy,
    read_clocks,      read_throttle, read_temperature, read_fields};

// For the slow lane: may take milliseconds, or hardly ever changes.
inline constexpr std::array<ReadGroup, 7> kSlowGroups = {
    read_limits, read_pcie, read_fan, read_codecs, read_ecc, read_retired, read_remapped};

}  // namespace assay::probe::nvml

// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/world.hpp"

#include "assay/sim/engine.hpp"

namespace assay::sim {

World World::make(const Scenario& scenario) {
  World world;
  world.name_ = scenario.name;
  world.devices_.reserve(scenario.devices.size());
  int index = 0;
  for (const DeviceEntry& entry : scenario.devices) {
    world.devices_.push_back(Device(std::make_unique<Engine>(entry, index++)));
  }
  return world;
}

void World::advance_to(std::int64_t ns) {
  for (Device& device : devices_) device.advance_to(ns);
}

}  // namespace assay::sim

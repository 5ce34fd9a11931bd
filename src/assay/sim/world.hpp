// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/sim/device.hpp"
#include "assay/sim/scenario.hpp"

namespace assay::sim {

// All devices of a scenario at its epoch. No clock inside: the caller says what time it is.
class World {
 public:
  // Takes what it needs of the scenario; what does not change is shared between devices.
  static World make(const Scenario& scenario);

  // Every device; one that is asked rarely is better advanced by itself.
  void advance_to(std::int64_t ns);

  [[nodiscard]] std::size_t size() const { return devices_.size(); }
  [[nodiscard]] Device& device(std::size_t index) { return devices_.at(index); }
  [[nodiscard]] const Device& device(std::size_t index) const { return devices_.at(index); }
  [[nodiscard]] std::span<Device> devices() { return devices_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::vector<Device> devices_;
};

}  // namespace assay::sim

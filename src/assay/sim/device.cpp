// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/device.hpp"

#include "assay/sim/engine.hpp"

namespace assay::sim {

Device::Device(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Device::Device(const Device& other) : engine_(std::make_unique<Engine>(*other.engine_)) {}
Device& Device::operator=(const Device& other) {
  if (this != &other) engine_ = std::make_unique<Engine>(*other.engine_);
  return *this;
}
Device::Device(Device&&) noexcept = default;
Device& Device::operator=(Device&&) noexcept = default;
Device::~Device() = default;

void Device::advance_to(std::int64_t ns) { engine_->advance_to(ns); }
std::size_t Device::look_ahead(std::size_t most_states, Foresight foresight) {
  return engine_->look_ahead(most_states, foresight);
}
std::int64_t Device::now_ns() const { return engine_->now(); }
const DeviceFacts& Device::facts() const { return engine_->facts(); }
Integrals Device::integrals() const { return engine_->integrals(); }
Moment Device::moment() const { return engine_->moment(); }
std::vector<ProcessState> Device::processes() const { return engine_->processes(); }
std::span<const LogEntry> Device::log() const { return engine_->log(); }
const Integrals& Device::at_load() const { return engine_->at_load(); }
std::int64_t Device::loaded_at_ns() const { return engine_->loaded_at(); }

}  // namespace assay::sim

// SPDX-License-Identifier: Apache-2.0
// What there is to see of an Engine at the time asked for.
#include "assay/sim/device_facts.hpp"
#include "assay/sim/engine.hpp"

namespace assay::sim {
std::int64_t Engine::periods() const {
  return repetition_ ? (asked_ - repetition_->start.now) / repetition_->period : 0;
}

// Since the workload's last event.
std::int64_t Engine::local_ns() const {
  if (!repetition_) return asked_ - work_.state().now;
  return (asked_ - repetition_->start.now) % repetition_->period -
         (work_.state().now - repetition_->start.now);
}

Integrals Engine::integrals() const {
  const Integrals local = work_.done_after(local_ns());
  if (!repetition_) return base_ + local;
  return base_plus(base_, repetition_->one, periods(), local);
}

double Engine::mean_watts() const {
  if (repetition_) return repetition_->watts();
  const std::int64_t past = asked_ - climate_.last_checkpoint();
  if (past <= 0) return 0;
  const double energy = integrals().energy_j - checkpoint_energy_;
  return energy / (static_cast<double>(past) * 1e-9);
}

std::vector<ProcessState> Engine::processes() const {
  std::vector<ProcessState> out;
  for (std::size_t i = 0; i < plan_->processes.size(); ++i) {
    if (work_.state().tenants[i].life != Life::alive) continue;
    const ProcessSpec& spec = plan_->processes[i];
    ProcessState state{.pid = spec.pid + pid_offset_, .name = spec.name};
    state.memory = spec.memory + kContextMemory;
    state.since_ns = spec.start_ns + offset_;
    state.done = base_by_tenant_[i];
    if (repetition_) state.done += repetition_->one_by_tenant[i].times(periods());
    state.done += work_.done_after(i, local_ns());
    out.push_back(std::move(state));
  }
  return out;
}

Moment Engine::moment() const {
  Moment out;
  const Flow& flow = work_.flow();
  out.at_ns = asked_;
  out.presence = presence_;
  out.sm_clock = Hertz(flow.clock_ghz * 1e9);
  out.power = Watts(flow.watts);
  out.power_limit = Watts(power_cap_);
  out.temperature = Celsius(climate_.temperature(asked_, mean_watts()));
  out.memory_temperature = out.temperature + Celsius(ThermalModel::kMemoryOver);
  out.ecc_corrected = ecc_corrected_;
  out.ecc_uncorrected = ecc_uncorrected_;
  out.last_xid = last_xid_;
  bool context = false;
  for (std::size_t i = 0; i < plan_->processes.size(); ++i) {
    if (work_.state().tenants[i].life != Life::alive) continue;
    context = true;
    out.memory_used += plan_->processes[i].memory + kContextMemory;
  }
  if (!context) out.throttle |= throttle::kGpuIdle;
  if (flow.power_capped) out.throttle |= throttle::kSwPowerCap;
  const double thermal = climate_.clock_cap();
  const bool user_binds = clock_cap_ghz_ > 0 && clock_cap_ghz_ <= thermal;
  if (context && user_binds) out.throttle |= clock_cap_reason_;
  if (context && climate_.capped() && !user_binds) out.throttle |= throttle::kSwThermal;
  return out;
}

}  // namespace assay::sim

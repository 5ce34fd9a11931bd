// SPDX-License-Identifier: Apache-2.0
// What one look at each scenario that ships shows, in virtual time: that for which it is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "assay/cli/knowledge.hpp"
#include "assay/probe/nvml/sampler.hpp"
#include "assay/sim/device.hpp"
#include "truth/sim_nvml.hpp"

namespace assay::test {
namespace {

using appraise::Appraisal;
using causes::Cause;
using Devices = std::vector<Appraisal>;

constexpr std::size_t kOwnThreads = 16;  // more devices share the sampler's threads

// A big fleet by an even share of its devices: the clock knows how many threads wait for it.
sim::Scenario thinned(sim::Scenario scenario) {
  const std::size_t step = (scenario.devices.size() + kOwnThreads - 1) / kOwnThreads;
  std::vector<sim::DeviceEntry> kept;
  for (std::size_t i = 0; i < scenario.devices.size(); i += step)
    kept.push_back(scenario.devices[i]);
  scenario.devices = std::move(kept);
  return scenario;
}

Devices look_at(const std::string& name) {
  auto read = sim::embedded_scenario(name);
  CHECK(read.ok());
  const sim::Scenario scenario = thinned(std::move(*read));
  const auto clock =
      std::make_shared<VirtualClock>(scenario.look_at_ns + 1, 2 * scenario.devices.size());
  probe::nvml::SamplerOptions options{.period = Seconds(1)};
  options.clock = clock;
  auto sampler = probe::nvml::Sampler::start(
      std::make_shared<SimNvml>(scenario, clock, nullptr, std::nullopt), options);
  CHECK(sampler.ok());
  const auto knowledge = cli::Knowledge::load({}, (*sampler)->devices());
  CHECK(knowledge.ok());
  Devices devices = knowledge->appraise((*sampler)->next()).devices;
  clock->release();
  return devices;
}

bool leads(const Appraisal& device, Cause cause) {
  return !device.findings.empty() && device.findings.front().cause == cause;
}

std::function<bool(const Devices&)> all_lead_with(Cause cause) {
  return [cause](const Devices& devices) {
    return std::ranges::all_of(devices,
                               [&](const Appraisal& device) { return leads(device, cause); });
  };
}

double sm_active(const Appraisal& device) {
  return device.sample.get<metric::Id::sm_active>().value().value_or(Ratio::fraction(-1)).value();
}

bool throttled_by(const Devices& devices, std::uint64_t reason) {
  const auto bits = devices.at(0).sample.at_id(metric::Id::throttle_reasons).value();
  return leads(devices.at(0), Cause::throttled) && bits &&
         (static_cast<std::uint64_t>(*bits) & reason) != 0;
}

std::size_t different_causes(const Devices& devices) {
  std::set<Cause> causes;
  for (const Appraisal& device : devices)
    if (!device.findings.empty()) causes.insert(device.findings.front().cause);
  return causes.size();
}

bool is_lost(const Devices& devices) {
  const Appraisal& device = devices.at(0);
  return device.sample.presence == sample::Presence::lost && !device.sample.trouble.empty() &&
         !device.facts.name.empty() && !device.ladder.busy.value();
}

bool one_thread_spins(const Devices& devices, int sms) {
  return leads(devices.at(0), Cause::grid_too_small) &&
         devices.at(0).sample.get<metric::Id::gpu_util>().value() == Ratio::percent(100) &&
         std::abs(sm_active(devices.at(0)) * sms - 1) < 0.01;
}

// Half of the SMs each, by turns: less than half of the device's SMs at any time.
bool two_take_turns(const Devices& devices) {
  const double share = sm_active(devices.at(0));
  return devices.at(0).sample.processes.size() == 2 && share > 0.4 && share < 0.5;
}

const std::map<std::string, std::function<bool(const Devices&)>>& shown_by() {
  static const std::map<std::string, std::function<bool(const Devices&)>> kShown = {
      {"decode", all_lead_with(Cause::dram_bound)},
      {"device-lost", is_lost},
      {"fleet-1024", [](const Devices& devices) { return different_causes(devices) >= 4; }},
      {"fleet-8", [](const Devices& devices) { return different_causes(devices) >= 6; }},
      {"held-idle", all_lead_with(Cause::held_idle)},
      {"input-starved", all_lead_with(Cause::host_bound)},
      {"lab", [](const Devices& devices) { return one_thread_spins(devices, 132); }},
      {"nccl-bound", all_lead_with(Cause::communication_bound)},
      {"one-thread", [](const Devices& devices) { return one_thread_spins(devices, 80); }},
      {"prefill",
       [](const Devices& devices) {
         return devices.at(0).ladder.sol.limiter == ladder::Limiter::tensor &&
                throttled_by(devices, sim::throttle::kSwPowerCap);
       }},
      {"tail-wave", all_lead_with(Cause::tail_wave)},
      {"throttled",
       [](const Devices& devices) { return throttled_by(devices, sim::throttle::kHwPowerBrake); }},
      {"tiny-kernels", all_lead_with(Cause::launch_bound)},
      {"transfer-bound", all_lead_with(Cause::transfer_bound)},
      {"two-tenants", two_take_turns},
  };
  return kShown;
}

TEST(FirstLook, EachScenarioShowsWhatItIsNamedFor) {
  for (const std::string& name : sim::embedded_scenarios()) {
    SCOPED_TRACE(name);
    const auto shown = shown_by().find(name);
    ASSERT_NE(shown, shown_by().end()) << "say here what one look at it must show";
    const Devices devices = look_at(name);
    EXPECT_TRUE(shown->second(devices))
        << "presence " << static_cast<int>(devices.at(0).sample.presence) << ", SM active "
        << sm_active(devices.at(0)) << ", first cause "
        << (devices.at(0).findings.empty() ? "none"
                                           : causes::info(devices.at(0).findings.front().cause).id);
  }
}

}  // namespace
}  // namespace assay::test

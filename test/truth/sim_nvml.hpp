// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "assay/nvml_sim/nvml.hpp"
#include "assay/probe/nvml/nvml.hpp"
#include "assay/sim/scenario.hpp"
#include "truth/call_log.hpp"
#include "truth/fault_plan.hpp"
#include "truth/virtual_clock.hpp"

namespace assay::test {

// The probe's view of a simulated driver in virtual time: what DlNvml is over the shared library,
// with the same ABI structs, but without dlopen, so that thousands fit into a process. Keeps a log
// of what was asked when, and makes calls fail as a plan says (null: none does) or hang.
class SimNvml final : public probe::nvml::Nvml {
 public:
  SimNvml(const sim::Scenario& scenario, std::shared_ptr<VirtualClock> clock,
          std::shared_ptr<const FaultPlan> faults, const std::optional<Hang>& hang);

  [[nodiscard]] const CallLog& log() const { return log_; }
  // Since when the call hangs that was to hang; -1: it was not made. Any thread may ask.
  [[nodiscard]] std::int64_t hung_ns() const { return hung_ns_; }

  using Device = probe::nvml::Device;
  using Text = std::string;
  Return init() override;
  Return driver_version(Text& out) override;
  Return nvml_version(Text& out) override;
  Return process_name(std::int64_t pid, Text& out) override;
  Return device_count(unsigned& out) override;
  Return device_by_index(unsigned index, Device& out) override;
  Return device_by_uuid(const Text& uuid, Device& out) override;
  Return name(Device device, Text& out) override;
  Return uuid(Device device, Text& out) override;
  Return pci(Device device, Text& bus_id) override;
  Return compute_capability(Device device, int& major, int& minor) override;
  Return core_count(Device device, unsigned& out) override;
  Return persistence_mode(Device device, bool& enabled) override;
  Return mig_mode(Device device, bool& enabled) override;
  Return utilization(Device device, nvml_abi::Utilization& out) override;
  Return memory_v2(Device device, nvml_abi::MemoryV2& out) override;
  Return memory_v1(Device device, nvml_abi::MemoryV1& out) override;
  Return power(Device device, unsigned& milliwatts) override;
  Return power_limit(Device device, unsigned& milliwatts) override;
  Return energy(Device device, std::uint64_t& millijoules) override;
  Return field_values(Device device, std::span<nvml_abi::FieldValue> values) override;
  Return clock(Device device, nvml_abi::ClockType type, unsigned& megahertz) override;
  Return max_clock(Device device, nvml_abi::ClockType type, unsigned& megahertz) override;
  Return throttle_reasons(Device device, std::uint64_t& bits) override;
  Return temperature(Device device, unsigned& celsius) override;
  Return fan_speed(Device device, unsigned& percent) override;
  Return pcie_generation(Device device, unsigned& out) override;
  Return pcie_width(Device device, unsigned& out) override;
  Return encoder_utilization(Device device, unsigned& percent) override;
  Return decoder_utilization(Device device, unsigned& percent) override;
  Return processes(Device device, probe::nvml::ProcessKind kind,
                   std::span<nvml_abi::ProcessInfo> buffer, unsigned& count) override;
  Return process_utilization(Device device, std::uint64_t last_seen_us,
                             std::span<nvml_abi::ProcessUtilization> buffer,
                             unsigned& count) override;
  Return utilization_samples(Device device, std::uint64_t last_seen_us,
                             std::span<nvml_abi::UtilizationSample> buffer,
                             unsigned& count) override;
  Return ecc_errors(Device device, nvml_abi::EccError kind, std::uint64_t& out) override;
  Return retired_pages(Device device, nvml_abi::RetireCause cause, unsigned& count) override;
  Return remapped_rows(Device device, probe::nvml::RemappedRows& out) override;
  Return event_set_create(nvml_abi::EventSetHandle& out) override;
  Return event_set_free(nvml_abi::EventSetHandle set) override;
  Return event_register(Device device, std::uint64_t types, nvml_abi::EventSetHandle set) override;
  Return event_wait(nvml_abi::EventSetHandle set, nvml_abi::EventData& out) override;
  Return gpm_support(Device device, bool& supported) override;
  Return gpm_sample_alloc(nvml_abi::GpmSampleHandle& out) override;
  Return gpm_sample_free(nvml_abi::GpmSampleHandle sample) override;
  Return gpm_sample_get(Device device, nvml_abi::GpmSampleHandle sample) override;
  Return gpm_metrics_get(nvml_abi::GpmSampleHandle earlier, nvml_abi::GpmSampleHandle later,
                         std::span<nvml_abi::GpmMetric> metrics) override;

 private:
  // f() as `call` of that device (null: of the one that this thread asked last), unless the plan
  // has it fail. spoil(dice) makes nonsense of the answer.
  template <typename F, typename Spoil>
  Return call(Call which, Device device, F f, Spoil spoil);
  template <typename F>
  Return call(Call which, Device device, F f);
  // Sleeps until the run is over if this is the call that is to hang; was it?
  bool hang(Call which);
  Return opened(int index, Return code, Device device);
  [[nodiscard]] int index_of(Device device) const;
  [[nodiscard]] std::int64_t seen_ns(std::uint64_t wall_us) const;

  std::shared_ptr<VirtualClock> clock_;
  std::shared_ptr<const FaultPlan> faults_;
  const std::optional<Hang> hang_;
  std::atomic<std::int64_t> hung_ns_{-1};
  nvml_sim::Nvml nvml_;
  CallLog log_;
  const std::int64_t started_ns_;
  struct EnergyCounter {       // millijoules
    std::uint64_t offset = 0;  // what it has lost by going back
    std::uint64_t told = 0;    // its last answer
  };
  std::vector<EnergyCounter> energy_;  // by device, each its fast lane's
  mutable std::mutex mutex_;
  std::unordered_map<Device, int> indices_;
  std::unordered_map<std::string, int> uuids_;
  std::unordered_map<nvml_abi::GpmSampleHandle, std::int64_t> sampled_ns_;
};

}  // namespace assay::test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "assay/base/result.hpp"
#include "assay/probe/nvml/calls.hpp"
#include "assay/probe/nvml/nvml.hpp"

namespace assay::probe::nvml {

// NVIDIA's own library, loaded while the program runs. Never unloaded: a thread may hang in it.
class DlNvml final : public Nvml {
 public:
  // Loads `path`, or where that is empty the file that the environment names in ASSAY_NVML, or
  // libnvidia-ml.so.1 from the places where drivers put it. Does not initialize it. Error:
  // nothing_to_measure, naming what the loader said.
  static Result<std::shared_ptr<DlNvml>> open(const std::string& path = "");
  ~DlNvml() override;

  [[nodiscard]] const std::string& path() const { return path_; }  // of the loaded file
  // What assay's simulated library plays, if this is one: what comes from it is no device's. Asked
  // of the library itself, which may have been found in any way. No such library: nullopt.
  [[nodiscard]] std::optional<std::string> simulated_scenario() const;
  [[nodiscard]] bool has(Call call) const { return symbols_[index(call)] != nullptr; }

  Return init() override;
  Return driver_version(std::string& out) override;
  Return nvml_version(std::string& out) override;
  Return process_name(std::int64_t pid, std::string& out) override;
  Return device_count(unsigned& out) override;
  Return device_by_index(unsigned index, Device& out) override;
  Return device_by_uuid(const std::string& uuid, Device& out) override;
  Return name(Device device, std::string& out) override;
  Return uuid(Device device, std::string& out) override;
  Return pci(Device device, std::string& bus_id) override;
  Return compute_capability(Device device, int& major, int& minor) override;
  Return core_count(Device device, unsigned& out) override;
  Return persistence_mode(Device device, bool& enabled) override;
  Return mig_mode(Device device, bool& enabled) override;
  Return utilization(Device device, abi::Utilization& out) override;
  Return memory_v2(Device device, abi::MemoryV2& out) override;
  Return memory_v1(Device device, abi::MemoryV1& out) override;
  Return power(Device device, unsigned& milliwatts) override;
  Return power_limit(Device device, unsigned& milliwatts) override;
  Return energy(Device device, std::uint64_t& millijoules) override;
  Return field_values(Device device, std::span<abi::FieldValue> values) override;
  Return clock(Device device, abi::ClockType type, unsigned& megahertz) override;
  Return max_clock(Device device, abi::ClockType type, unsigned& megahertz) override;
  Return throttle_reasons(Device device, std::uint64_t& bits) override;
  Return temperature(Device device, unsigned& celsius) override;
  Return fan_speed(Device device, unsigned& percent) override;
  Return pcie_generation(Device device, unsigned& out) override;
  Return pcie_width(Device device, unsigned& out) override;
  Return encoder_utilization(Device device, unsigned& percent) override;
  Return decoder_utilization(Device device, unsigned& percent) override;
  Return processes(Device device, ProcessKind kind, std::span<abi::ProcessInfo> buffer,
                   unsigned& count) override;
  Return process_utilization(Device device, std::uint64_t last_seen_us,
                             std::span<abi::ProcessUtilization> buffer, unsigned& count) override;
  Return utilization_samples(Device device, std::uint64_t last_seen_us,
                             std::span<abi::UtilizationSample> buffer, unsigned& count) override;
  Return ecc_errors(Device device, abi::EccError kind, std::uint64_t& out) override;
  Return retired_pages(Device device, abi::RetireCause cause, unsigned& count) override;
  Return remapped_rows(Device device, RemappedRows& out) override;
  Return event_set_create(abi::EventSetHandle& out) override;
  Return event_set_free(abi::EventSetHandle set) override;
  Return event_register(Device device, std::uint64_t types, abi::EventSetHandle set) override;
  Return event_wait(abi::EventSetHandle set, abi::EventData& out) override;
  Return gpm_support(Device device, bool& supported) override;
  Return gpm_sample_alloc(abi::GpmSampleHandle& out) override;
  Return gpm_sample_free(abi::GpmSampleHandle sample) override;
  Return gpm_sample_get(Device device, abi::GpmSampleHandle sample) override;
  Return gpm_metrics_get(abi::GpmSampleHandle earlier, abi::GpmSampleHandle later,
                         std::span<abi::GpmMetric> metrics) override;

 private:
  DlNvml() = default;
  template <typename... Args>
  Return call(Call which, Args... args) const;
  template <std::size_t size, typename... Args>
  Return text(Call which, std::string& out, Args... before) const;
  Return percent_over(Call which, Device device, unsigned& percent) const;

  std::array<void*, kCallCount> symbols_{};
  void* scenario_ = nullptr;  // nvmlAssayScenario of the simulated library
  std::string path_;
  bool initialized_ = false;
};

}  // namespace assay::probe::nvml

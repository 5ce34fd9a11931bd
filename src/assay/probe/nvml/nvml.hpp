// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "assay/probe/nvml/abi.hpp"

namespace assay::probe::nvml {

using abi::Return;
using Device = abi::DeviceHandle;

enum class ProcessKind : std::uint8_t { compute, graphics };

struct RemappedRows {
  std::uint32_t corrected = 0;
  std::uint32_t uncorrected = 0;
  bool pending = false;
  bool failed = false;
};

// The seam between assay and the driver: one method a call of calls.def, nothing hidden behind it.
// Each returns NVML's own code; an out parameter is only meaningful after Return::success (the
// counts of the list calls also after insufficient_size). A function that the library lacks answers
// function_not_found. All methods may be called from any thread at once, as NVML's own may; each
// may block for as long as the driver likes.
class Nvml {
 public:
  virtual ~Nvml() = default;

  virtual Return init() = 0;
  virtual Return driver_version(std::string& out) = 0;
  virtual Return nvml_version(std::string& out) = 0;
  // As the driver shows it: a path, a title, whatever the process calls itself.
  virtual Return process_name(std::int64_t pid, std::string& out) = 0;
  virtual Return device_count(unsigned& out) = 0;
  virtual Return device_by_index(unsigned index, Device& out) = 0;
  virtual Return device_by_uuid(const std::string& uuid, Device& out) = 0;

  virtual Return name(Device device, std::string& out) = 0;
  virtual Return uuid(Device device, std::string& out) = 0;
  virtual Return pci(Device device, std::string& bus_id) = 0;
  virtual Return compute_capability(Device device, int& major, int& minor) = 0;
  virtual Return core_count(Device device, unsigned& out) = 0;
  virtual Return persistence_mode(Device device, bool& enabled) = 0;
  virtual Return mig_mode(Device device, bool& enabled) = 0;

  virtual Return utilization(Device device, abi::Utilization& out) = 0;  // per cent
  virtual Return memory_v2(Device device, abi::MemoryV2& out) = 0;       // bytes
  virtual Return memory_v1(Device device, abi::MemoryV1& out) = 0;       // bytes
  virtual Return power(Device device, unsigned& milliwatts) = 0;
  virtual Return power_limit(Device device, unsigned& milliwatts) = 0;
  virtual Return energy(Device device, std::uint64_t& millijoules) = 0;
  // Each value carries a result of its own besides the call's.
  virtual Return field_values(Device device, std::span<abi::FieldValue> values) = 0;
  virtual Return clock(Device device, abi::ClockType type, unsigned& megahertz) = 0;
  virtual Return max_clock(Device device, abi::ClockType type, unsigned& megahertz) = 0;
  virtual Return throttle_reasons(Device device, std::uint64_t& bits) = 0;
  virtual Return temperature(Device device, unsigned& celsius) = 0;
  virtual Return fan_speed(Device device, unsigned& percent) = 0;
  virtual Return pcie_generation(Device device, unsigned& out) = 0;
  virtual Return pcie_width(Device device, unsigned& out) = 0;
  virtual Return encoder_utilization(Device device, unsigned& percent) = 0;
  virtual Return decoder_utilization(Device device, unsigned& percent) = 0;

  // Fill the buffer and set count to what was written; insufficient_size sets it to what is needed.
  virtual Return processes(Device device, ProcessKind kind, std::span<abi::ProcessInfo> buffer,
                           unsigned& count) = 0;
  virtual Return process_utilization(Device device, std::uint64_t last_seen_us,
                                     std::span<abi::ProcessUtilization> buffer,
                                     unsigned& count) = 0;
  // Per cent, in each value's as_u32. An empty buffer asks for the count alone.
  virtual Return utilization_samples(Device device, std::uint64_t last_seen_us,
                                     std::span<abi::UtilizationSample> buffer, unsigned& count) = 0;

  virtual Return ecc_errors(Device device, abi::EccError kind, std::uint64_t& out) = 0;
  virtual Return retired_pages(Device device, abi::RetireCause cause, unsigned& count) = 0;
  virtual Return remapped_rows(Device device, RemappedRows& out) = 0;

  virtual Return event_set_create(abi::EventSetHandle& out) = 0;
  virtual Return event_set_free(abi::EventSetHandle set) = 0;
  virtual Return event_register(Device device, std::uint64_t types, abi::EventSetHandle set) = 0;
  // Never waits; Return::timeout = nothing happened.
  virtual Return event_wait(abi::EventSetHandle set, abi::EventData& out) = 0;

  virtual Return gpm_support(Device device, bool& supported) = 0;
  virtual Return gpm_sample_alloc(abi::GpmSampleHandle& out) = 0;
  virtual Return gpm_sample_free(abi::GpmSampleHandle sample) = 0;
  virtual Return gpm_sample_get(Device device, abi::GpmSampleHandle sample) = 0;
  // Metrics over the time from `earlier` to `later`; each carries a result of its own. At most
  // abi::kGpmEntries at once.
  virtual Return gpm_metrics_get(abi::GpmSampleHandle earlier, abi::GpmSampleHandle later,
                                 std::span<abi::GpmMetric> metrics) = 0;
};

}  // namespace assay::probe::nvml

// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/dl_nvml.hpp"

#include <vector>

#include "assay/probe/nvml/process_list.hpp"

namespace assay::probe::nvml {

// Argument types are the header's own: each caller passes exactly those.
template <typename... Args>
Return DlNvml::call(Call which, Args... args) const {
  using Function = Return (*)(Args...);
  const auto function = reinterpret_cast<Function>(symbols_[index(which)]);
  return function == nullptr ? Return::function_not_found : function(args...);
}

// Calls that write text of at most `size` bytes, the length passed last.
template <std::size_t size, typename... Args>
Return DlNvml::text(Call which, std::string& out, Args... before) const {
  std::array<char, size> buffer{};
  const Return code = call(which, before..., buffer.data(), static_cast<unsigned>(size));
  buffer.back() = '\0';
  if (code == Return::success) out = buffer.data();
  return code;
}

std::optional<std::string> DlNvml::simulated_scenario() const {
  if (scenario_ == nullptr) return std::nullopt;
  using Function = Return (*)(char*, unsigned);
  constexpr std::size_t kLongestFileName = 256;
  std::array<char, kLongestFileName> name{};
  const Return code = reinterpret_cast<Function>(scenario_)(name.data(), kLongestFileName);
  return code == Return::success ? name.data() : "unnamed";
}

Return DlNvml::init() {
  const Return code = call(Call::init);
  initialized_ = initialized_ || code == Return::success;
  return code;
}
DlNvml::~DlNvml() {
  if (initialized_) static_cast<void>(call(Call::shutdown));
}

Return DlNvml::driver_version(std::string& out) {
  return text<abi::kVersionBuffer>(Call::driver_version, out);
}
Return DlNvml::nvml_version(std::string& out) {
  return text<abi::kVersionBuffer>(Call::nvml_version, out);
}
Return DlNvml::process_name(std::int64_t pid, std::string& out) {
  constexpr std::size_t kLongestName = 1024;  // NVML cuts what does not fit, and says so or not
  return text<kLongestName>(Call::process_name, out, static_cast<unsigned>(pid));
}
Return DlNvml::device_count(unsigned& out) { return call(Call::device_count, &out); }
Return DlNvml::device_by_index(unsigned index, Device& out) {
  return call(Call::device_by_index, index, &out);
}
Return DlNvml::device_by_uuid(const std::string& uuid, Device& out) {
  return call(Call::device_by_uuid, uuid.c_str(), &out);
}

Return DlNvml::name(Device device, std::string& out) {
  return text<abi::kNameBuffer>(Call::name, out, device);
}
Return DlNvml::uuid(Device device, std::string& out) {
  return text<abi::kUuidBuffer>(Call::uuid, out, device);
}
Return DlNvml::pci(Device device, std::string& bus_id) {
  abi::PciInfo pci{};
  const Return code = call(Call::pci, device, &pci);
  pci.bus_id[sizeof pci.bus_id - 1] = '\0';
  if (code == Return::success) bus_id = pci.bus_id;
  return code;
}
Return DlNvml::compute_capability(Device device, int& major, int& minor) {
  return call(Call::compute_capability, device, &major, &minor);
}
Return DlNvml::core_count(Device device, unsigned& out) {
  return call(Call::core_count, device, &out);
}
Return DlNvml::persistence_mode(Device device, bool& enabled) {
  unsigned mode = 0;
  const Return code = call(Call::persistence_mode, device, &mode);
  enabled = mode != 0;
  return code;
}
Return DlNvml::mig_mode(Device device, bool& enabled) {
  unsigned current = 0;
  unsigned pending = 0;
  const Return code = call(Call::mig_mode, device, &current, &pending);
  enabled = current != 0;
  return code;
}

Return DlNvml::utilization(Device device, abi::Utilization& out) {
  return call(Call::utilization, device, &out);
}
Return DlNvml::memory_v2(Device device, abi::MemoryV2& out) {
  return call(Call::memory_v2, device, &out);
}
Return DlNvml::memory_v1(Device device, abi::MemoryV1& out) {
  return call(Call::memory_v1, device, &out);
}
Return DlNvml::power(Device device, unsigned& milliwatts) {
  return call(Call::power, device, &milliwatts);
}
Return DlNvml::power_limit(Device device, unsigned& milliwatts) {
  return call(Call::power_limit, device, &milliwatts);
}
Return DlNvml::energy(Device device, std::uint64_t& millijoules) {
  return call(Call::energy, device, &millijoules);
}
Return DlNvml::field_values(Device device, std::span<abi::FieldValue> values) {
  return call(Call::field_values, device, static_cast<int>(values.size()), values.data());
}
Return DlNvml::clock(Device device, abi::ClockType type, unsigned& megahertz) {
  return call(Call::clock, device, type, &megahertz);
}
Return DlNvml::max_clock(Device device, abi::ClockType type, unsigned& megahertz) {
  return call(Call::max_clock, device, type, &megahertz);
}
Return DlNvml::throttle_reasons(Device device, std::uint64_t& bits) {
  return call(Call::throttle_reasons, device, &bits);
}
Return DlNvml::temperature(Device device, unsigned& celsius) {
  return call(Call::temperature, device, abi::kTemperatureGpu, &celsius);
}
Return DlNvml::fan_speed(Device device, unsigned& percent) {
  return call(Call::fan_speed, device, &percent);
}
Return DlNvml::pcie_generation(Device device, unsigned& out) {
  return call(Call::pcie_generation, device, &out);
}
Return DlNvml::pcie_width(Device device, unsigned& out) {
  return call(Call::pcie_width, device, &out);
}
Return DlNvml::percent_over(Call which, Device device, unsigned& percent) const {
  unsigned period_us = 0;
  return call(which, device, &percent, &period_us);
}
Return DlNvml::encoder_utilization(Device device, unsigned& percent) {
  return percent_over(Call::encoder_utilization, device, percent);
}
Return DlNvml::decoder_utilization(Device device, unsigned& percent) {
  return percent_over(Call::decoder_utilization, device, percent);
}

Return DlNvml::processes(Device device, ProcessKind kind, std::span<abi::ProcessInfo> buffer,
                         unsigned& count) {
  // Room for the largest entry that any driver writes, so that none writes past the end.
  std::vector<std::byte> raw(buffer.size() * abi::kLargestProcessInfo, kUntouched);
  count = static_cast<unsigned>(buffer.size());
  const Return code =
      call(kind == ProcessKind::compute ? Call::compute_processes : Call::graphics_processes,
           device, &count, raw.data());
  if (code == Return::success) unpack_entries(raw, count, buffer);
  return code;
}
Return DlNvml::process_utilization(Device device, std::uint64_t last_seen_us,
                                   std::span<abi::ProcessUtilization> buffer, unsigned& count) {
  count = static_cast<unsigned>(buffer.size());
  return call(Call::process_utilization, device, buffer.data(), &count, last_seen_us);
}
Return DlNvml::utilization_samples(Device device, std::uint64_t last_seen_us,
                                   std::span<abi::UtilizationSample> buffer, unsigned& count) {
  count = static_cast<unsigned>(buffer.size());
  abi::ValueType type{};
  abi::UtilizationSample* data = buffer.empty() ? nullptr : buffer.data();
  return call(Call::utilization_samples, device, abi::SamplingType::gpu_utilization, last_seen_us,
              &type, &count, data);
}

Return DlNvml::ecc_errors(Device device, abi::EccError kind, std::uint64_t& out) {
  return call(Call::ecc_errors, device, kind, abi::kEccVolatile, &out);
}
Return DlNvml::retired_pages(Device device, abi::RetireCause cause, unsigned& count) {
  // Only how many: the call is content with no room for addresses and says how much it would need.
  count = 0;
  std::uint64_t* no_addresses = nullptr;
  const Return code = call(Call::retired_pages, device, cause, &count, no_addresses);
  return code == Return::insufficient_size ? Return::success : code;
}
Return DlNvml::remapped_rows(Device device, RemappedRows& out) {
  unsigned pending = 0;
  unsigned failed = 0;
  const Return code =
      call(Call::remapped_rows, device, &out.corrected, &out.uncorrected, &pending, &failed);
  out.pending = pending != 0;
  out.failed = failed != 0;
  return code;
}

Return DlNvml::event_set_create(abi::EventSetHandle& out) {
  return call(Call::event_set_create, &out);
}
Return DlNvml::event_set_free(abi::EventSetHandle set) { return call(Call::event_set_free, set); }
Return DlNvml::event_register(Device device, std::uint64_t types, abi::EventSetHandle set) {
  return call(Call::event_register, device, types, set);
}
Return DlNvml::event_wait(abi::EventSetHandle set, abi::EventData& out) {
  return call(Call::event_wait, set, &out, 0U);
}

Return DlNvml::gpm_support(Device device, bool& supported) {
  abi::GpmSupport support{abi::kGpmSupportVersion, 0};
  const Return code = call(Call::gpm_support, device, &support);
  supported = support.supported != 0;
  return code;
}
Return DlNvml::gpm_sample_alloc(abi::GpmSampleHandle& out) {
  return call(Call::gpm_sample_alloc, &out);
}
Return DlNvml::gpm_sample_free(abi::GpmSampleHandle sample) {
  return call(Call::gpm_sample_free, sample);
}
Return DlNvml::gpm_sample_get(Device device, abi::GpmSampleHandle sample) {
  return call(Call::gpm_sample_get, device, sample);
}
Return DlNvml::gpm_metrics_get(abi::GpmSampleHandle earlier, abi::GpmSampleHandle later,
                               std::span<abi::GpmMetric> metrics) {
  if (metrics.size() > abi::kGpmEntries) return Return::invalid_argument;
  // 20 KiB on the stack, of which only the entries asked for are ever touched.
  abi::GpmMetricsGet request;
  request.version = abi::kGpmMetricsGetVersion;
  request.count = static_cast<std::uint32_t>(metrics.size());
  request.sample1 = earlier;
  request.sample2 = later;
  for (std::size_t i = 0; i < metrics.size(); ++i) request.metrics[i] = metrics[i];
  const Return code = call(Call::gpm_metrics_get, &request);
  for (std::size_t i = 0; i < metrics.size(); ++i) metrics[i] = request.metrics[i];
  return code;
}

}  // namespace assay::probe::nvml

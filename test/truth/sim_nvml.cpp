// SPDX-License-Identifier: Apache-2.0
#include "truth/sim_nvml.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace assay::test {
namespace {

namespace abi = nvml_abi;
using probe::nvml::ProcessKind;
using probe::nvml::RemappedRows;

// Of the calling lane: a new thread for each run, so each starts at 0.
struct Lane {
  int device = -1;
  bool fast = false;  // it opens devices, as only the thread that samples does
  std::uint64_t calls = 0;
  CallEntry extra;  // what a call wants to say in the log beside the usual
};
thread_local Lane lane;

template <std::size_t size, typename F>
Return text_of(std::string& out, F f) {
  std::array<char, size> buffer{};
  const Return code = f(buffer.data(), static_cast<unsigned>(size));
  if (code == Return::success) out = buffer.data();
  return code;
}

constexpr auto kNoSpoil = [](std::uint64_t) { return false; };

}  // namespace

SimNvml::SimNvml(const sim::Scenario& scenario, std::shared_ptr<VirtualClock> clock,
                 std::shared_ptr<const FaultPlan> faults, const std::optional<Hang>& hang)
    : clock_(std::move(clock)),
      faults_(std::move(faults)),
      hang_(hang),
      nvml_(scenario, std::make_unique<VirtualTime>(*clock_)),
      log_(scenario.devices.size()),
      started_ns_(clock_->now_ns()),
      energy_(scenario.devices.size()) {
  for (std::size_t i = 0; i < scenario.devices.size(); ++i)
    uuids_[scenario.devices[i].uuid] = static_cast<int>(i);
}

int SimNvml::index_of(Device device) const {
  const std::lock_guard lock(mutex_);
  const auto it = indices_.find(device);
  return it == indices_.end() ? -1 : it->second;
}

Return SimNvml::opened(int index, Return code, Device device) {
  if (code != Return::success) return code;
  const std::lock_guard lock(mutex_);
  indices_[device] = index;
  return code;
}

bool SimNvml::hang(Call which) {
  if (!hang_ || which != hang_->call || lane.device != hang_->device || lane.fast != hang_->fast)
    return false;
  if (clock_->now_ns() < hang_->from_ns || hung_ns_ >= 0) return false;
  hung_ns_ = clock_->now_ns();
  clock_->sleep(3'600'000'000'000);  // longer than any run
  return true;
}

template <typename F, typename Spoil>
Return SimNvml::call(Call which, Device device, F f, Spoil spoil) {
  if (device != nullptr) lane.device = index_of(device);
  if (hang(which)) return Return::unknown;  // the run is over: of no sample
  const std::uint64_t number = lane.calls++;
  const Fault fault = faults_ ? faults_->next(which, lane.device, number) : Fault{};
  // Not while the sampler starts: its driver would wait for a lane that waits for the driver.
  if (fault.delay_ns > 0 && clock_->now_ns() > started_ns_) clock_->sleep(fault.delay_ns);
  lane.extra = {};
  const std::int64_t at = clock_->now_ns();
  const Return code = fault.code != Return::success ? fault.code : f();
  const bool nonsense = code == Return::success && fault.nonsense && spoil(fault.dice);
  CallEntry entry = lane.extra;
  entry.nonsense = nonsense;
  entry.call = which;
  entry.fast = lane.fast;
  entry.code = code;
  if (entry.at_ns == 0) entry.at_ns = at;
  log_.add(lane.device, entry);
  return code;
}

template <typename F>
Return SimNvml::call(Call which, Device device, F f) {
  return call(which, device, f, kNoSpoil);
}

Return SimNvml::init() {
  return call(Call::init, nullptr, [&] { return nvml_.init(); });
}
Return SimNvml::driver_version(Text& out) {
  return call(Call::driver_version, nullptr, [&] {
    return text_of<abi::kVersionBuffer>(out, [&](auto... a) { return nvml_.driver_version(a...); });
  });
}
Return SimNvml::nvml_version(Text& out) {
  return call(Call::nvml_version, nullptr, [&] {
    return text_of<abi::kVersionBuffer>(out,
                                        [](auto... a) { return nvml_sim::nvml_version(a...); });
  });
}
Return SimNvml::process_name(std::int64_t pid, Text& out) {
  return call(Call::process_name, nullptr, [&] {
    return text_of<abi::kNameBuffer>(
        out, [&](auto... a) { return nvml_.process_name(static_cast<unsigned>(pid), a...); });
  });
}
Return SimNvml::device_count(unsigned& out) {
  return call(Call::device_count, nullptr, [&] { return nvml_.device_count(&out); });
}
Return SimNvml::device_by_index(unsigned index, Device& out) {
  lane.device = static_cast<int>(index);
  lane.fast = true;
  return call(Call::device_by_index, nullptr, [&] {
    const Return code = nvml_.device_by_index(index, &out);
    return opened(static_cast<int>(index), code, out);
  });
}
Return SimNvml::device_by_uuid(const Text& uuid, Device& out) {
  lane.fast = true;
  return call(Call::device_by_uuid, nullptr, [&] {
    const auto it = uuids_.find(uuid);
    const Return code = nvml_.device_by_uuid(uuid.c_str(), &out);
    return it == uuids_.end() ? code : opened(it->second, code, out);
  });
}

Return SimNvml::name(Device device, Text& out) {
  return call(Call::name, device, [&] {
    return text_of<abi::kNameBuffer>(out, [&](auto... a) { return nvml_.name(device, a...); });
  });
}
Return SimNvml::uuid(Device device, Text& out) {
  return call(Call::uuid, device, [&] {
    return text_of<abi::kUuidBuffer>(out, [&](auto... a) { return nvml_.uuid(device, a...); });
  });
}
Return SimNvml::pci(Device device, Text& bus_id) {
  return call(Call::pci, device, [&] {
    abi::PciInfo pci{};
    const Return code = nvml_.pci_info(device, &pci);
    if (code == Return::success) bus_id = pci.bus_id;
    return code;
  });
}
Return SimNvml::compute_capability(Device device, int& major, int& minor) {
  return call(Call::compute_capability, device,
              [&] { return nvml_.compute_capability(device, &major, &minor); });
}
Return SimNvml::core_count(Device device, unsigned& out) {
  return call(Call::core_count, device, [&] { return nvml_.core_count(device, &out); });
}
Return SimNvml::persistence_mode(Device device, bool& enabled) {
  return call(Call::persistence_mode, device, [&] {
    unsigned mode = 0;
    const Return code = nvml_.persistence_mode(device, &mode);
    enabled = mode != 0;
    return code;
  });
}
Return SimNvml::mig_mode(Device device, bool& enabled) {
  return call(Call::mig_mode, device, [&] {
    unsigned current = 0;
    unsigned pending = 0;
    const Return code = nvml_.mig_mode(device, &current, &pending);
    enabled = current != 0;
    return code;
  });
}

Return SimNvml::utilization(Device device, abi::Utilization& out) {
  const auto spoil = [&](std::uint64_t) {
    out = {4'000'000'000U, 101};
    return true;
  };
  return call(Call::utilization, device, [&] { return nvml_.utilization(device, &out); }, spoil);
}
Return SimNvml::memory_v2(Device device, abi::MemoryV2& out) {
  const auto spoil = [&](std::uint64_t dice) {
    if (dice % 2 == 0) out.total = 0;
    else out.free = out.total + 1;
    return true;
  };
  return call(Call::memory_v2, device, [&] { return nvml_.memory_v2(device, &out); }, spoil);
}
Return SimNvml::memory_v1(Device device, abi::MemoryV1& out) {
  return call(Call::memory_v1, device, [&] { return nvml_.memory_v1(device, &out); });
}
Return SimNvml::power(Device device, unsigned& milliwatts) {
  return call(Call::power, device, [&] { return nvml_.power(device, &milliwatts); });
}
Return SimNvml::power_limit(Device device, unsigned& milliwatts) {
  return call(Call::power_limit, device, [&] { return nvml_.power_limit(device, &milliwatts); });
}
// A counter that goes back begins anew at 0, as after a reset that nobody told of, and counts on.
Return SimNvml::energy(Device device, std::uint64_t& millijoules) {
  EnergyCounter& counter = energy_[static_cast<std::size_t>(std::max(index_of(device), 0))];
  const auto tell = [&](std::uint64_t real) {
    if (real < counter.offset) counter.offset = 0;  // the driver's own counter began anew
    millijoules = real - counter.offset;
    lane.extra.offset_mj = static_cast<std::int64_t>(counter.offset);
  };
  const auto read = [&] {
    const Return code = nvml_.energy(device, &millijoules);
    if (code == Return::success) tell(millijoules);
    return code;
  };
  const auto wrap = [&](std::uint64_t) {
    if (counter.told == 0) return false;  // it would not be seen to go back
    tell(counter.offset = millijoules + counter.offset);
    return true;
  };
  const Return code = call(Call::energy, device, read, wrap);
  if (code == Return::success) counter.told = millijoules;
  return code;
}
Return SimNvml::field_values(Device device, std::span<abi::FieldValue> values) {
  return call(Call::field_values, device, [&] {
    return nvml_.field_values(device, static_cast<int>(values.size()), values.data());
  });
}
Return SimNvml::clock(Device device, abi::ClockType type, unsigned& megahertz) {
  return call(Call::clock, device, [&] {
    lane.extra.which = static_cast<std::uint32_t>(type);
    return nvml_.clock(device, static_cast<std::uint32_t>(type), &megahertz);
  });
}
Return SimNvml::max_clock(Device device, abi::ClockType type, unsigned& megahertz) {
  return call(Call::max_clock, device, [&] {
    return nvml_.max_clock(device, static_cast<std::uint32_t>(type), &megahertz);
  });
}
Return SimNvml::throttle_reasons(Device device, std::uint64_t& bits) {
  return call(Call::throttle_reasons, device,
              [&] { return nvml_.throttle_reasons(device, &bits); });
}
Return SimNvml::temperature(Device device, unsigned& celsius) {
  return call(Call::temperature, device,
              [&] { return nvml_.temperature(device, abi::kTemperatureGpu, &celsius); });
}
Return SimNvml::fan_speed(Device device, unsigned&) {
  return call(Call::fan_speed, device, [&] { return nvml_.unsupported_of_device(device); });
}
Return SimNvml::pcie_generation(Device device, unsigned& out) {
  return call(Call::pcie_generation, device, [&] { return nvml_.pcie_generation(device, &out); });
}
Return SimNvml::pcie_width(Device device, unsigned& out) {
  return call(Call::pcie_width, device, [&] { return nvml_.pcie_width(device, &out); });
}
Return SimNvml::encoder_utilization(Device device, unsigned& percent) {
  unsigned period = 0;
  return call(Call::encoder_utilization, device,
              [&] { return nvml_.engine_utilization(device, &percent, &period); });
}
Return SimNvml::decoder_utilization(Device device, unsigned& percent) {
  unsigned period = 0;
  return call(Call::decoder_utilization, device,
              [&] { return nvml_.engine_utilization(device, &percent, &period); });
}

// Stamps are in whole microseconds, rounded down; no two windows end in the same.
std::int64_t SimNvml::seen_ns(std::uint64_t wall_us) const {
  if (wall_us == 0) return 0;
  const auto last_ns = static_cast<std::int64_t>(wall_us) * 1000 + 999;
  return std::min(clock_->now_ns(), std::max<std::int64_t>(0, clock_->time_of(last_ns)));
}

Return SimNvml::processes(Device device, ProcessKind kind, std::span<abi::ProcessInfo> buffer,
                          unsigned& count) {
  count = static_cast<unsigned>(buffer.size());
  if (kind == ProcessKind::graphics)
    return call(Call::graphics_processes, device,
                [&] { return nvml_.no_processes(device, &count, buffer.data()); });
  return call(Call::compute_processes, device,
              [&] { return nvml_.compute_processes(device, &count, buffer.data()); });
}
Return SimNvml::process_utilization(Device device, std::uint64_t last_seen_us,
                                    std::span<abi::ProcessUtilization> buffer, unsigned& count) {
  count = static_cast<unsigned>(buffer.size());
  return call(Call::process_utilization, device, [&] {
    lane.extra.earlier_ns = seen_ns(last_seen_us);
    return nvml_.process_utilization(device, buffer.data(), &count, last_seen_us);
  });
}
Return SimNvml::utilization_samples(Device device, std::uint64_t last_seen_us,
                                    std::span<abi::UtilizationSample> buffer, unsigned& count) {
  count = static_cast<unsigned>(buffer.size());
  std::uint32_t type = 0;
  abi::UtilizationSample* data = buffer.empty() ? nullptr : buffer.data();
  return call(Call::utilization_samples, device, [&] {
    lane.extra.earlier_ns = seen_ns(last_seen_us);
    return nvml_.samples(device, static_cast<std::uint32_t>(abi::SamplingType::gpu_utilization),
                         last_seen_us, &type, &count, data);
  });
}

Return SimNvml::ecc_errors(Device device, abi::EccError kind, std::uint64_t& out) {
  return call(Call::ecc_errors, device, [&] {
    return nvml_.ecc_errors(device, static_cast<std::uint32_t>(kind), abi::kEccVolatile, &out);
  });
}
Return SimNvml::retired_pages(Device device, abi::RetireCause cause, unsigned& count) {
  count = 0;
  return call(Call::retired_pages, device, [&] {
    const Return code =
        nvml_.retired_pages(device, static_cast<std::uint32_t>(cause), &count, nullptr);
    return code == Return::insufficient_size ? Return::success : code;
  });
}
Return SimNvml::remapped_rows(Device device, RemappedRows& out) {
  return call(Call::remapped_rows, device, [&] {
    unsigned pending = 0;
    unsigned failed = 0;
    const Return code =
        nvml_.remapped_rows(device, &out.corrected, &out.uncorrected, &pending, &failed);
    out.pending = pending != 0;
    out.failed = failed != 0;
    return code;
  });
}

Return SimNvml::event_set_create(abi::EventSetHandle& out) {
  return call(Call::event_set_create, nullptr, [&] { return nvml_.event_set_create(&out); });
}
Return SimNvml::event_set_free(abi::EventSetHandle set) {
  return call(Call::event_set_free, nullptr, [&] { return nvml_.event_set_free(set); });
}
Return SimNvml::event_register(Device device, std::uint64_t types, abi::EventSetHandle set) {
  return call(Call::event_register, device,
              [&] { return nvml_.event_register(device, types, set); });
}
Return SimNvml::event_wait(abi::EventSetHandle set, abi::EventData& out) {
  return call(Call::event_wait, nullptr, [&] { return nvml_.event_wait(set, &out, 0); });
}

Return SimNvml::gpm_support(Device device, bool& supported) {
  return call(Call::gpm_support, device, [&] {
    abi::GpmSupport support{abi::kGpmSupportVersion, 0};
    const Return code = nvml_.gpm_support(device, &support);
    supported = support.supported != 0;
    return code;
  });
}
Return SimNvml::gpm_sample_alloc(abi::GpmSampleHandle& out) {
  return call(Call::gpm_sample_alloc, nullptr, [&] { return nvml_.gpm_sample_alloc(&out); });
}
Return SimNvml::gpm_sample_free(abi::GpmSampleHandle sample) {
  return call(Call::gpm_sample_free, nullptr, [&] { return nvml_.gpm_sample_free(sample); });
}
Return SimNvml::gpm_sample_get(Device device, abi::GpmSampleHandle sample) {
  return call(Call::gpm_sample_get, device, [&] {
    const Return code = nvml_.gpm_sample_get(device, sample);
    if (code != Return::success) return code;
    const std::lock_guard lock(mutex_);
    sampled_ns_[sample] = clock_->now_ns();
    return code;
  });
}
Return SimNvml::gpm_metrics_get(abi::GpmSampleHandle earlier, abi::GpmSampleHandle later,
                                std::span<abi::GpmMetric> metrics) {
  const auto ask = [&] {
    const auto request = std::make_unique<abi::GpmMetricsGet>();
    request->version = abi::kGpmMetricsGetVersion;
    request->count = static_cast<std::uint32_t>(metrics.size());
    request->sample1 = earlier;
    request->sample2 = later;
    for (std::size_t i = 0; i < metrics.size(); ++i) request->metrics[i] = metrics[i];
    const Return code = nvml_.gpm_metrics_get(request.get());
    if (code != Return::success) return code;
    for (std::size_t i = 0; i < metrics.size(); ++i) metrics[i] = request->metrics[i];
    const std::lock_guard lock(mutex_);
    lane.extra.earlier_ns = sampled_ns_[earlier];
    lane.extra.at_ns = sampled_ns_[later];
    return code;
  };
  const auto spoil = [&](std::uint64_t dice) {
    constexpr std::array kNonsense = {std::numeric_limits<double>::quiet_NaN(),
                                      std::numeric_limits<double>::infinity(), -5.0,
                                      1.8446744073709552e19};
    abi::GpmMetric& metric = metrics[dice % metrics.size()];
    metric.value = kNonsense[dice / 1024 % kNonsense.size()];
    lane.extra.which = metric.id;
    return true;
  };
  return call(Call::gpm_metrics_get, nullptr, ask, spoil);
}

}  // namespace assay::test

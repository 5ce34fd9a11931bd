// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "assay/probe/nvml/calls.hpp"
#include "assay/probe/nvml/fake_device.hpp"
#include "assay/probe/nvml/nvml.hpp"

namespace assay::probe::nvml {

// An NVML for tests: answers from FakeDevices, counts the calls, and does on demand what drivers do
// on bad days: any code from any call, hanging, losing a device, counters that stand still.
// Safe from any thread.
class FakeNvml : public Nvml {
 public:
  static constexpr int kAny = -1;

  explicit FakeNvml(int devices = 1) {
    for (int i = 0; i < devices; ++i) {
      FakeDevice device;
      device.uuid = "GPU-" + std::to_string(i);
      device.pci = "00000000:0" + std::to_string(i) + ":00.0";
      devices_.push_back(device);
    }
  }

  // --- what a test does ---------------------------------------------------------------------
  // Changes a device under the lock: nvml.change(0, [](FakeDevice& d) { d.power_mw = 1; });
  template <typename F>
  void change(int device, F f) {
    const std::lock_guard lock(mutex_);
    f(devices_.at(static_cast<std::size_t>(device)));
  }
  // From now on `call` answers `code` (on one device or kAny); Return::success ends it.
  void inject(Call call, Return code, int device = kAny) {
    const std::lock_guard lock(mutex_);
    codes_[{call, device}] = code;
  }
  // From now on `call` does not return, until release().
  void hang(Call call, int device = kAny) {
    const std::lock_guard lock(mutex_);
    hanging_.insert({call, device});
  }
  void release() {
    const std::lock_guard lock(mutex_);
    hanging_.clear();
    released_.notify_all();
  }
  void lose(int device, Return code = Return::gpu_is_lost) {
    const std::lock_guard lock(mutex_);
    lost_[device] = code;
  }
  void recover(int device) {
    const std::lock_guard lock(mutex_);
    lost_.erase(device);
  }
  // Runs within each call, without a lock: to move a clock, say, as a slow call would.
  void on_call(std::function<void(Call, int)> hook) {
    const std::lock_guard lock(mutex_);
    hook_ = std::move(hook);
  }
  [[nodiscard]] int calls(Call call, int device = kAny) const {
    const std::lock_guard lock(mutex_);
    int sum = 0;
    for (const auto& [key, count] : counts_)
      if (key.first == call && (device == kAny || key.second == device)) sum += count;
    return sum;
  }
  [[nodiscard]] int hung() const {  // threads that hang right now
    const std::lock_guard lock(mutex_);
    return hung_;
  }
  [[nodiscard]] int live_handles() const {  // GPM samples and event sets not given back
    const std::lock_guard lock(mutex_);
    return live_handles_;
  }

  // --- Nvml ---------------------------------------------------------------------------------
  Return init() override {
    return global(Call::init, [] {});
  }
  Return driver_version(std::string& out) override {
    return global(Call::driver_version, [&] { out = "580.159.03"; });
  }
  Return nvml_version(std::string& out) override {
    return global(Call::nvml_version, [&] { out = "13.580.159.03"; });
  }
  // "/opt/bin/process-4242 --flag" of pid 4242.
  Return process_name(std::int64_t pid, std::string& out) override {
    return global(Call::process_name,
                  [&] { out = "/opt/bin/process-" + std::to_string(pid) + " --flag"; });
  }
  Return device_count(unsigned& out) override {
    return global(Call::device_count, [&] { out = static_cast<unsigned>(devices_.size()); });
  }
  Return device_by_index(unsigned index, Device& out) override {
    return run(Call::device_by_index, static_cast<int>(index), [&](FakeDevice&) {
      out = handle(static_cast<int>(index));
      return Return::success;
    });
  }
  Return device_by_uuid(const std::string& uuid, Device& out) override {
    int index = 0;
    {
      const std::lock_guard lock(mutex_);
      while (index < size() && at(index).uuid != uuid) ++index;
      if (index == size()) return Return::not_found;
    }
    return run(Call::device_by_uuid, index, [&](FakeDevice&) {
      out = handle(index);
      return Return::success;
    });
  }
#define FAKE(signature, call, ...)                                                           \
  Return signature override {                                                                \
    return run(call, index_of(device), [&]([[maybe_unused]] FakeDevice& d) { __VA_ARGS__ }); \
  }
#define FAKE_VALUE(signature, call, statement) \
  FAKE(signature, call, statement; return Return::success;)
  FAKE_VALUE(name(Device device, std::string& out), Call::name, out = d.name)
  FAKE_VALUE(uuid(Device device, std::string& out), Call::uuid, out = d.uuid)
  FAKE_VALUE(pci(Device device, std::string& out), Call::pci, out = d.pci)
  FAKE_VALUE(core_count(Device device, unsigned& out), Call::core_count, out = d.cores)
  FAKE_VALUE(persistence_mode(Device device, bool& on), Call::persistence_mode, on = d.persistence)
  FAKE_VALUE(mig_mode(Device device, bool& on), Call::mig_mode, on = d.mig)
  FAKE(compute_capability(Device device, int& major, int& minor), Call::compute_capability,
       major = d.cc_major;
       minor = d.cc_minor; return Return::success;)
  FAKE_VALUE(utilization(Device device, abi::Utilization& out), Call::utilization,
             out = d.utilization)
  FAKE_VALUE(power(Device device, unsigned& mw), Call::power, mw = d.power_mw)
  FAKE_VALUE(power_limit(Device device, unsigned& mw), Call::power_limit, mw = d.power_limit_mw)
  FAKE_VALUE(energy(Device device, std::uint64_t& mj), Call::energy,
             mj = d.energy_mj += d.energy_step_mj)
  FAKE_VALUE(throttle_reasons(Device device, std::uint64_t& bits), Call::throttle_reasons,
             bits = d.throttle)
  FAKE_VALUE(temperature(Device device, unsigned& c), Call::temperature, c = d.celsius)
  FAKE(fan_speed(Device device, unsigned&), Call::fan_speed, return Return::not_supported;)
  FAKE_VALUE(pcie_generation(Device device, unsigned& out), Call::pcie_generation,
             out = d.pcie_generation)
  FAKE_VALUE(pcie_width(Device device, unsigned& out), Call::pcie_width, out = d.pcie_width)
  FAKE_VALUE(encoder_utilization(Device device, unsigned& p), Call::encoder_utilization, p = 0)
  FAKE_VALUE(decoder_utilization(Device device, unsigned& p), Call::decoder_utilization, p = 0)
  FAKE_VALUE(clock(Device device, abi::ClockType type, unsigned& mhz), Call::clock,
             mhz = type == abi::ClockType::memory ? d.memory_mhz : d.sm_mhz)
  FAKE_VALUE(max_clock(Device device, abi::ClockType type, unsigned& mhz), Call::max_clock,
             mhz = type == abi::ClockType::memory ? d.memory_mhz : d.sm_mhz)
  FAKE(ecc_errors(Device device, abi::EccError kind, std::uint64_t& out), Call::ecc_errors,
       out = kind == abi::EccError::corrected ? d.ecc_corrected : d.ecc_uncorrected;
       return Return::success;)
  FAKE(retired_pages(Device device, abi::RetireCause, unsigned&), Call::retired_pages,
       return Return::not_supported;)
  FAKE_VALUE(remapped_rows(Device device, RemappedRows& out), Call::remapped_rows, out = d.remapped)
  FAKE(memory_v2(Device device, abi::MemoryV2& out), Call::memory_v2,
       if (out.version != abi::kMemoryV2) return Return::argument_version_mismatch;
       out = d.memory; return Return::success;)
  FAKE(memory_v1(Device device, abi::MemoryV1& out), Call::memory_v1,
       out = {d.memory.total, d.memory.free, d.memory.total - d.memory.free};
       return Return::success;)
  FAKE(field_values(Device device, std::span<abi::FieldValue> values), Call::field_values,
       return answer_fields(d, values);)
  FAKE(processes(Device device, ProcessKind kind, std::span<abi::ProcessInfo> buffer,
                 unsigned& count),
       kind == ProcessKind::compute ? Call::compute_processes : Call::graphics_processes,
       return fill(kind == ProcessKind::compute ? d.compute : d.graphics, buffer, count);)
  FAKE(process_utilization(Device device, std::uint64_t last_us,
                           std::span<abi::ProcessUtilization> buffer, unsigned& count),
       Call::process_utilization, return newer(d, d.process_utilization, last_us, buffer, count);)
  FAKE(utilization_samples(Device device, std::uint64_t last_us,
                           std::span<abi::UtilizationSample> buffer, unsigned& count),
       Call::utilization_samples, return newer(d, d.utilization_samples, last_us, buffer, count);)
  FAKE_VALUE(gpm_support(Device device, bool& supported), Call::gpm_support, supported = d.gpm)
  FAKE(gpm_sample_get(Device device, abi::GpmSampleHandle sample), Call::gpm_sample_get,
       return take_sample(d, index_of(device), sample);)
  FAKE(event_register(Device device, std::uint64_t, abi::EventSetHandle set), Call::event_register,
       event_sets_[set] = index_of(device);
       d.xids.clear();  // events count from now on
       return Return::success;)
#undef FAKE
#undef FAKE_VALUE
  Return event_set_create(abi::EventSetHandle& out) override {
    return global(Call::event_set_create,
                  // NOLINTNEXTLINE(performance-no-int-to-ptr)
                  [&] { out = reinterpret_cast<abi::EventSetHandle>(new_handle()); });
  }
  Return event_set_free(abi::EventSetHandle set) override {
    return global(Call::event_set_free, [&] {
      event_sets_.erase(set);
      --live_handles_;
    });
  }
  Return event_wait(abi::EventSetHandle set, abi::EventData& out) override {
    int index = 0;
    {
      const std::lock_guard lock(mutex_);
      index = event_sets_[set];
    }
    return run(Call::event_wait, index, [&](FakeDevice& d) {
      if (d.xids.empty()) return Return::timeout;
      out = {handle(index), abi::kEventXid, d.xids.front(), ~0U, ~0U};
      d.xids.erase(d.xids.begin());
      return Return::success;
    });
  }
  Return gpm_sample_alloc(abi::GpmSampleHandle& out) override {
    return global(Call::gpm_sample_alloc,
                  // NOLINTNEXTLINE(performance-no-int-to-ptr)
                  [&] { out = reinterpret_cast<abi::GpmSampleHandle>(new_handle()); });
  }
  Return gpm_sample_free(abi::GpmSampleHandle sample) override {
    return global(Call::gpm_sample_free, [&] {
      samples_.erase(sample);
      --live_handles_;
    });
  }
  Return gpm_metrics_get(abi::GpmSampleHandle earlier, abi::GpmSampleHandle later,
                         std::span<abi::GpmMetric> metrics) override {
    int index = kAny;
    {
      const std::lock_guard lock(mutex_);
      if (samples_.contains(later)) index = samples_[later].device;
    }
    return run(Call::gpm_metrics_get, index, [&](FakeDevice& d) {
      const bool same = samples_[earlier].refresh == samples_[later].refresh;
      for (abi::GpmMetric& metric : metrics) {
        const auto it = d.gpm_values.find(metric.id);
        metric.result = it == d.gpm_values.end() ? Return::not_supported : Return::success;
        if (it != d.gpm_values.end())
          metric.value = same ? (metric.id == 10 ? NAN : 0) : it->second;
      }
      return Return::success;
    });
  }

 private:
  using Key = std::pair<Call, int>;
  struct TakenSample {
    int device = kAny;
    std::int64_t refresh = 0;
  };

  static Device handle(int index) {
    // A token that nobody looks behind.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    return reinterpret_cast<Device>(static_cast<std::uintptr_t>(index + 1));
  }
  static int index_of(Device device) {
    return static_cast<int>(reinterpret_cast<std::uintptr_t>(device)) - 1;
  }
  [[nodiscard]] int size() const { return static_cast<int>(devices_.size()); }
  FakeDevice& at(int index) { return devices_[static_cast<std::size_t>(index)]; }
  std::uintptr_t new_handle() {
    ++live_handles_;
    return next_handle_ += 16;
  }

  template <typename F>
  Return global(Call call, F f) {
    return run(call, kAny, [&](FakeDevice&) {
      f();
      return Return::success;
    });
  }
  // Counts, hangs and fails as told, else answers f(device) with the lock held.
  template <typename F>
  Return run(Call call, int index, F f) {
    std::unique_lock lock(mutex_);
    ++counts_[{call, index}];
    if (const auto hook = hook_) {
      lock.unlock();
      hook(call, index);
      lock.lock();
    }
    const auto hangs = [&] {
      return hanging_.contains({call, index}) || hanging_.contains({call, kAny});
    };
    if (hangs()) {
      ++hung_;
      released_.wait(lock, [&] { return !hangs(); });
      --hung_;
    }
    for (const int who : {index, kAny})
      if (const auto it = codes_.find({call, who}); it != codes_.end())
        if (it->second != Return::success) return it->second;
    if (const auto it = lost_.find(index); it != lost_.end()) return it->second;
    if (index >= size()) return Return::invalid_argument;
    FakeDevice none;
    return f(index < 0 ? none : at(index));
  }

  static Return answer_fields(const FakeDevice& d, std::span<abi::FieldValue> values) {
    for (abi::FieldValue& value : values) {
      value.result = Return::success;
      value.type = abi::ValueType::u32;
      if (value.field == abi::kFieldPowerInstant) value.value.as_u32 = d.power_instant_mw;
      else if (value.field == abi::kFieldMemoryTemp) value.value.as_u32 = d.memory_celsius;
      else value.result = Return::not_supported;
    }
    return Return::success;
  }
  template <typename T>
  static Return fill(const std::vector<T>& from, std::span<T> buffer, unsigned& count) {
    count = static_cast<unsigned>(from.size());
    if (from.size() > buffer.size()) return Return::insufficient_size;
    std::ranges::copy(from, buffer.begin());
    return Return::success;
  }
  // The driver's buffers fill up while nobody looks: each reading finds its entries a step newer.
  template <typename T>
  static Return newer(const FakeDevice& d, std::vector<T>& from, std::uint64_t last_us,
                      std::span<T> buffer, unsigned& count) {
    std::vector<T> fresh;
    for (T& entry : from) {
      entry.timestamp_us += d.sample_step_us;
      if (entry.timestamp_us > last_us) fresh.push_back(entry);
    }
    return fresh.empty() ? Return::not_found : fill(fresh, buffer, count);
  }
  Return take_sample(const FakeDevice& d, int index, abi::GpmSampleHandle sample) {
    if (!d.gpm) return Return::not_supported;
    if (!d.gpm_frozen) ++refreshes_[index];
    samples_[sample] = {index, refreshes_[index]};
    return Return::success;
  }

  mutable std::mutex mutex_;
  std::condition_variable released_;
  std::vector<FakeDevice> devices_;
  std::map<Key, Return> codes_;
  std::map<Key, int> counts_;
  std::set<Key> hanging_;
  std::map<int, Return> lost_;
  std::function<void(Call, int)> hook_;
  std::map<abi::GpmSampleHandle, TakenSample> samples_;
  std::map<abi::EventSetHandle, int> event_sets_;
  std::map<int, std::int64_t> refreshes_;
  std::uintptr_t next_handle_ = 4096;
  int hung_ = 0;
  int live_handles_ = 0;
};

}  // namespace assay::probe::nvml

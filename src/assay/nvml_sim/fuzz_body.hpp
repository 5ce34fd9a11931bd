// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "assay/base/check.hpp"
#include "assay/nvml_sim/fixture_for_tests.hpp"
#include "assay/nvml_sim/nvml.hpp"

// Random calls with random arguments, for the unit test and for libFuzzer alike: whatever a C
// program may pass without breaking C's own rules (a pointer is null or to as much room as the
// arguments beside it say) must come back with a code, and nothing may be written past that room.
namespace assay::nvml_sim {

// Bytes that decide what happens next: a fuzzer's, or a random sequence without end.
class Choice {
 public:
  explicit Choice(u64 seed) : state_(seed) {}
  Choice(const std::uint8_t* data, std::size_t size) : data_(data), left_(size), ends_(true) {}

  [[nodiscard]] bool over() const { return ends_ && left_ == 0; }
  std::uint8_t byte() {
    if (!ends_) return static_cast<std::uint8_t>(next() >> 56U);
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }
  u32 below(u32 limit) { return (u32{byte()} << 8U | byte()) % limit; }
  u64 word() {
    u64 value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8U | byte();
    return value;
  }

 private:
  u64 next() {  // splitmix64, Steele, Lea and Flood 2014
    u64 z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  u64 state_ = 0;
  const std::uint8_t* data_ = nullptr;
  std::size_t left_ = 0;
  bool ends_ = false;
};

// The room that a call's pointers get. Each is filled with a pattern and ends with a fence; a call
// learns of no more room than there is before the fence.
class Rooms {
 public:
  static constexpr std::size_t kRooms = 5;
  static constexpr u32 kEntries = 128;  // the most entries a list's count may promise
  static constexpr std::size_t kEntrySize = 48;
  static constexpr std::size_t kFence = 64;
  static constexpr std::uint8_t kPattern = 0xa5;

  void fresh() { used_ = 0; }
  void* take() {
    CHECK(used_ < kRooms);
    std::byte* room = rooms_[used_++].data();
    std::memset(room, kPattern, kSize);
    return room;
  }
  void check_fences() const {
    for (std::size_t i = 0; i < used_; ++i) {
      const auto* fence = rooms_[i].data() + kSize - kFence;
      CHECK(
          std::all_of(fence, fence + kFence, [](std::byte b) { return b == std::byte{kPattern}; }));
    }
  }

 private:
  static constexpr std::size_t kSize = kEntries * kEntrySize + 64 + kFence;
  std::size_t used_ = 0;
  alignas(16) std::array<std::array<std::byte, kSize>, kRooms> rooms_{};
};

// The methods' names.
inline constexpr auto kMethods = std::to_array<std::string_view>({
#define ASSAY_NVML_CALL(symbol, method, parameters, arguments) #method,
#define ASSAY_NVML_SAME(...)
#include "assay/nvml_sim/calls.def"
#undef ASSAY_NVML_CALL
});

class Caller {
 public:
  Caller(Rig& rig, Choice& choice) : rig_(rig), choice_(choice) {
    CHECK(rig.nvml->init() == Return::success);
    const auto size = static_cast<u32>(serial_.size());
    CHECK(rig.nvml->serial(rig.device(), serial_.data(), size) == Return::success);
  }

  // One call of calls.def, or a step in time.
  void call() {
    rooms_.fresh();
    const u32 chosen = choice_.below(kMethods.size() + 3);
    u32 which = chosen;
#define ASSAY_NVML_CALL(symbol, method, parameters, arguments) \
  if (which-- == 0) return invoke(&Nvml::method, successes_[chosen]);
#include "assay/nvml_sim/calls.def"
#undef ASSAY_NVML_CALL
#undef ASSAY_NVML_SAME
    if (which == 0) static_cast<void>(rig_.nvml->init());
    else rig_.time->advance(milliseconds_ns(choice_.below(which == 1 ? 20 : 400)));
  }

  // How many calls of each method succeeded, by its place in kMethods.
  [[nodiscard]] const auto& successes() const { return successes_; }

 private:
  template <typename... Parameters>
  void invoke(Return (Nvml::*method)(Parameters...), u64& successes) {
    // Braces: arguments are made from the first to the last.
    std::tuple<Parameters...> arguments{make<Parameters>()...};
    const Return code =
        std::apply([&](auto... each) { return (rig_.nvml.get()->*method)(each...); }, arguments);
    CHECK(static_cast<u32>(code) <= static_cast<u32>(Return::reset_type_not_supported));
    rooms_.check_fences();
    successes += code == Return::success ? 1 : 0;
    if constexpr (sizeof...(Parameters) == 1) keep(std::get<0>(arguments), code);
  }

  // Handles that were handed out are used again.
  template <typename T>
  void keep(T out, Return code) {
    if (code != Return::success) return;
    if constexpr (std::is_same_v<T, abi::GpmSampleHandle*>) remember(samples_, *out);
    if constexpr (std::is_same_v<T, abi::EventSetHandle*>) remember(sets_, *out);
  }
  template <typename T>
  void remember(std::array<T, 4>& kept, T handle) {
    kept[choice_.below(4)] = handle;
  }

  template <typename T>
  T make() {
    if constexpr (std::is_same_v<T, Device>) return device();
    else if constexpr (std::is_same_v<T, abi::GpmSampleHandle>) return one_of(samples_);
    else if constexpr (std::is_same_v<T, abi::EventSetHandle>) return one_of(sets_);
    else if constexpr (std::is_pointer_v<T>) return pointer<T>();
    else if constexpr (std::is_same_v<T, i32>)
      return static_cast<i32>(choice_.below(Rooms::kEntries + 4)) - 4;
    else if constexpr (std::is_same_v<T, u32>) return number();
    else return odd() ? choice_.word() : u64{choice_.below(16)};
  }

  // A size of a text, an index, a kind, a pid, a clock: the list's size is always by pointer.
  u32 number() {
    static constexpr std::array<u32, 4> kTelling = {96, 100, 200, 2619};
    if (odd()) return kTelling[choice_.below(kTelling.size())];
    return choice_.below(odd() ? Rooms::kEntries : 8);
  }
  bool odd() { return choice_.below(16) == 0; }
  template <typename T>
  T wild() {
    return reinterpret_cast<T>(
        static_cast<std::uintptr_t>(odd() ? choice_.word() : choice_.below(3)));
  }
  Device device() {
    if (odd()) return wild<Device>();
    Device out = nullptr;
    static_cast<void>(rig_.nvml->device_by_index(choice_.below(3), &out));
    return out;
  }
  template <typename T>
  T one_of(std::array<T, 4>& kept) {
    return odd() ? wild<T>() : kept[choice_.below(4)];
  }

  template <typename T>
  T pointer() {
    if (odd()) return nullptr;
    void* const room = rooms_.take();
    if constexpr (std::is_same_v<T, u32*>) {
      *static_cast<u32*>(room) = choice_.below(Rooms::kEntries);
    } else if constexpr (std::is_same_v<T, const char*>) {
      return text(static_cast<char*>(room));
    } else if constexpr (std::is_pointer_v<T> && std::is_class_v<std::remove_pointer_t<T>>) {
      if (!odd()) fill(static_cast<T>(room));
    }
    return static_cast<T>(room);
  }
  const char* text(char* room) {
    const std::array texts = {
        "GPU-00000000-0000-0000-0000-000000000001", "00000000:04:00.0", "0:4:0", "::::", "",
        static_cast<const char*>(serial_.data())};
    if (!odd()) return texts[choice_.below(texts.size())];
    for (int i = 0; i < 32; ++i) room[i] = static_cast<char>(choice_.byte());
    room[32] = '\0';
    return room;
  }

  // Sound tags and lists; a struct left as it is has a wrong tag.
  template <typename T>
  void fill(T*) {}
  void fill(abi::MemoryV2* out) { out->version = abi::kMemoryV2; }
  void fill(abi::GpmSupport* out) { out->version = abi::kGpmSupportVersion; }
  void fill(abi::PciInfoExt* out) { out->version = abi::version_tag(sizeof *out, 1); }
  void fill(abi::DriverBranch* out) { out->version = abi::version_tag(sizeof *out, 1); }
  void fill(abi::Temperature* out) {
    *out = {abi::version_tag(sizeof *out, 1), choice_.below(3), 0};
  }
  void fill(abi::ProcessDetailList* out) {
    *out = {abi::version_tag(sizeof *out, 1), choice_.below(4), choice_.below(Rooms::kEntries),
            pointer<abi::ProcessDetail*>()};
  }
  void fill(abi::ProcessesUtilization* out) {
    *out = {abi::version_tag(sizeof *out, 1), choice_.below(Rooms::kEntries), 0,
            pointer<abi::ProcessUtilizationInfo*>()};
  }
  void fill(abi::FieldValue* out) {
    for (u32 i = 0; i < Rooms::kEntries; ++i) out[i].field = choice_.below(300);
  }
  void fill(abi::GpmMetricsGet* out) {
    out->version = abi::kGpmMetricsGetVersion;
    out->count = odd() ? 1'000'000U : choice_.below(Rooms::kEntries);
    out->sample1 = one_of(samples_);
    out->sample2 = one_of(samples_);
    for (u32 i = 0; i < Rooms::kEntries; ++i) out->metrics[i].id = choice_.below(350);
  }

  Rig& rig_;
  Choice& choice_;
  std::array<char, 32> serial_{};
  std::array<u64, kMethods.size()> successes_{};
  Rooms rooms_;
  std::array<abi::GpmSampleHandle, 4> samples_{};
  std::array<abi::EventSetHandle, 4> sets_{};
};

// A device that is lost and back, one whose driver is reloaded, one without GPM.
inline std::vector<sim::DevicePlan> troubled_devices() {
  sim::DevicePlan lost = busy_h100();
  lost.events = {{.at_ns = milliseconds_ns(60'000), .kind = sim::EventKind::lost},
                 {.at_ns = milliseconds_ns(90'000), .kind = sim::EventKind::back}};
  for (std::int64_t s = 100; s < 3600; ++s)
    lost.events.push_back(
        {.at_ns = milliseconds_ns(1000 * s), .kind = sim::EventKind::xid, .value = 31});
  sim::DevicePlan reloaded = plan_of("h100-sxm5-80gb");
  add(reloaded, {.grid = 66, .busy_ns = milliseconds_ns(3), .gap_ns = milliseconds_ns(2)});
  add(reloaded, {.pid = 200, .grid = 66});
  reloaded.events = {{.at_ns = milliseconds_ns(70'000), .kind = sim::EventKind::driver_unload},
                     {.at_ns = milliseconds_ns(71'000), .kind = sim::EventKind::driver_load}};
  return {std::move(lost), std::move(reloaded), plan_of("v100-sxm2-32gb")};
}

// `calls` calls, or as many as the bytes last. Gives back how many of each method succeeded.
inline std::array<u64, kMethods.size()> fuzz_nvml(Choice& choice, std::size_t calls) {
  Rig rig(troubled_devices());
  Caller caller(rig, choice);
  for (std::size_t i = 0; i < calls && !choice.over(); ++i) {
    // Mostly initialized: the rest of the answers is not interesting.
    if (i % 64 == 0) static_cast<void>(rig.nvml->init());
    caller.call();
  }
  return caller.successes();
}

}  // namespace assay::nvml_sim

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "assay/base/check.hpp"
#include "assay/nvml_sim/nvml.hpp"

// Random calls with random arguments, for tests and for libFuzzer alike: whatever a C program may
// pass without breaking C's own rules (a pointer is null or to as much room as the arguments beside
// it say) must come back with a code, and nothing may be written past that room.
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

// What may be called.
inline constexpr auto kSymbols = std::to_array<std::string_view>({
#define ASSAY_NVML_CALL(symbol, method, parameters, arguments) #symbol,
#define ASSAY_NVML_SAME ASSAY_NVML_CALL
#include "assay/nvml_sim/calls.def"
#undef ASSAY_NVML_CALL
#undef ASSAY_NVML_SAME
});

// Makes the calls on a Target, which has for each symbol of calls.def a function of that name with
// its parameters, and
//   init()              nvmlInit
//   pass(ns)            lets some time go by
//   kLongestWaitMs      how long a call may be asked to wait for an event
template <typename Target>
class Caller {
 public:
  Caller(Target& target, Choice& choice) : target_(target), choice_(choice) {
    CHECK(target_.init() == Return::success);
    Device first = nullptr;
    CHECK(target_.nvmlDeviceGetHandleByIndex_v2(0, &first) == Return::success);
    const auto size = static_cast<u32>(serial_.size());
    CHECK(target_.nvmlDeviceGetSerial(first, serial_.data(), size) == Return::success);
  }

  // `calls` calls, or as many as the bytes last.
  void run(std::size_t calls) {
    for (std::size_t i = 0; i < calls && !choice_.over(); ++i) {
      // Mostly initialized: the rest of the answers is not interesting.
      if (i % 64 == 0) static_cast<void>(target_.init());
      call();
    }
  }

  // How many calls of each symbol succeeded, by its place in kSymbols.
  [[nodiscard]] const auto& successes() const { return successes_; }

 private:
  // One call of calls.def, or a step in time.
  void call() {
    rooms_.fresh();
    const u32 chosen = choice_.below(kSymbols.size() + 3);
    u32 which = chosen;
#define ASSAY_NVML_CALL(symbol, method, parameters, arguments) \
  if (which-- == 0) return invoke(&Target::symbol, successes_[chosen]);
#define ASSAY_NVML_SAME ASSAY_NVML_CALL
#include "assay/nvml_sim/calls.def"
#undef ASSAY_NVML_CALL
#undef ASSAY_NVML_SAME
    if (which == 0) static_cast<void>(target_.init());
    else target_.pass(std::int64_t{1'000'000} * choice_.below(which == 1 ? 20 : 400));
  }

  template <typename... Parameters>
  void invoke(Return (Target::*symbol)(Parameters...), u64& successes) {
    // Braces: arguments are made from the first to the last.
    std::tuple<Parameters...> arguments{make<Parameters>()...};
    if constexpr (sizeof...(Parameters) == 3)
      if constexpr (std::is_same_v<std::tuple_element_t<0, std::tuple<Parameters...>>,
                                   abi::EventSetHandle>)
        std::get<2>(arguments) = std::min(std::get<2>(arguments), Target::kLongestWaitMs);
    const Return code =
        std::apply([&](auto... each) { return (target_.*symbol)(each...); }, arguments);
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
    static_cast<void>(target_.nvmlDeviceGetHandleByIndex_v2(choice_.below(3), &out));
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

  Target& target_;
  Choice& choice_;
  std::array<char, 32> serial_{};
  std::array<u64, kSymbols.size()> successes_{};
  Rooms rooms_;
  std::array<abi::GpmSampleHandle, 4> samples_{};
  std::array<abi::EventSetHandle, 4> sets_{};
};

}  // namespace assay::nvml_sim

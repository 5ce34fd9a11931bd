// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "assay/nvml_abi/abi.hpp"
#include "assay/nvml_abi/device.hpp"
#include "assay/nvml_sim/board.hpp"
#include "assay/nvml_sim/event_sets.hpp"
#include "assay/nvml_sim/gpm_samples.hpp"
#include "assay/nvml_sim/handle.hpp"
#include "assay/nvml_sim/time_source.hpp"
#include "assay/sim/scenario.hpp"
#include "assay/sim/world.hpp"

namespace assay::nvml_sim {

namespace abi = assay::nvml_abi;
using abi::Return;
using Device = abi::DeviceHandle;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i32 = std::int32_t;

// What the simulated driver calls itself; the suffix is how a person and a program can tell.
inline constexpr std::string_view kDriverVersion = "580.159.04-sim";
inline constexpr std::string_view kNvmlVersion = "13.580.159.04-sim";
inline constexpr i32 kCudaVersion = 13000;

// nvmlSystemGetNVMLVersion, which needs no driver.
Return nvml_version(char* text, u32 size);
// nvmlErrorString: a text for each code, "Unknown Error" for what is none.
const char* error_string(Return code);
// Writes text with its end, as NVML's calls do: invalid_argument for a null pointer,
// insufficient_size for a buffer that does not hold it.
Return put_text(std::string_view value, char* text, u32 size);

// NVML as a driver over the simulated devices of a scenario answers it: one method a function of
// calls.def, with the C header's own arguments. What the header allows (null pointers, counts too
// small, wrong version tags, handles of nothing) gets NVML's own code; answers to bad arguments
// were taken from driver 580.159 on an H100. Where that driver crashes (a handle of nothing), this
// one says invalid_argument. Any thread may call any method at any time. Only event_wait blocks.
class Nvml {
 public:
  Nvml(const sim::Scenario& scenario, std::unique_ptr<TimeSource> time);

  // As often as shutdown() is to be called. driver_not_loaded while no device has a driver.
  Return init();

#define ASSAY_NVML_CALL(symbol, method, parameters, arguments) Return method parameters;
#define ASSAY_NVML_SAME(symbol, method, parameters, arguments)
#include "assay/nvml_sim/calls.def"
#undef ASSAY_NVML_CALL
#undef ASSAY_NVML_SAME

  // For the functions of unsupported.def: that a call would have been sound, then not_supported.
  Return unsupported_of_device(Device device);
  Return unsupported();

 private:
  using DeviceHandles = Handles<Device, 0x7a55'a700'0000>;

  [[nodiscard]] Return ready() const;
  [[nodiscard]] Board* find(Device device) const;
  // The code of a device that is not there, else success. Call with the board's mutex held.
  [[nodiscard]] static Return present(const Board& board);

  // use(board), with the board's mutex held and the device at the present moment.
  template <typename Use>
  Return on(Device device, Use use) {
    if (const Return code = ready(); code != Return::success) return code;
    Board* board = find(device);
    if (board == nullptr) return Return::invalid_argument;
    const std::lock_guard lock(board->mutex());
    board->advance_to(time_->now_ns());
    if (const Return code = present(*board); code != Return::success) return code;
    return use(*board);
  }
  // *out = of(board); where that is an optional without a value: not_supported.
  template <typename T, typename Of>
  Return give(Device device, T* out, Of of) {
    return on(device, [&](const Board& board) {
      if (out == nullptr) return Return::invalid_argument;
      const std::optional<T> value = of(board);
      if (!value) return Return::not_supported;
      *out = *value;
      return Return::success;
    });
  }
  template <typename Same>
  Return lookup(Device* out, Same same);
  template <typename T, typename Make>
  Return list_processes(Device device, u32* count, T* out, Make make);
  // Per-process use since last_seen_us, as fill(i, entry) for each of at most *count.
  template <typename Fill>
  Return utilization_entries(Board& board, u64 last_seen_us, u32* count, bool sizing, Fill fill);
  Return field_value(const Board& board, abi::FieldValue& value);
  Return wait(abi::EventSetHandle set, abi::EventData& out, u32 timeout_ms);
  Return next_event(EventSet& set, abi::EventData& out);

  sim::Scenario scenario_;
  sim::World world_;
  std::unique_ptr<TimeSource> time_;
  std::vector<std::unique_ptr<Board>> boards_;
  std::atomic<int> users_{0};
  EventSets event_sets_;
  GpmSamples gpm_samples_;
};

}  // namespace assay::nvml_sim

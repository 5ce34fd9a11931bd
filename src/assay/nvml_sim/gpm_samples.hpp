// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "assay/nvml_abi/abi.hpp"
#include "assay/nvml_sim/board.hpp"
#include "assay/nvml_sim/handle.hpp"

namespace assay::nvml_sim {

// What nvmlGpmSampleGet put into a sample.
struct GpmSample {
  const Board* board = nullptr;  // nullptr: nothing was put in yet
  GpmLatch latch;
};

// The samples that a client has allocated, by handle. Any thread may call.
class GpmSamples {
 public:
  using Handle = nvml_abi::GpmSampleHandle;

  Handle create();
  bool erase(Handle handle);
  bool store(Handle handle, const GpmSample& sample);
  // Nothing for a handle of nothing.
  std::optional<GpmSample> load(Handle handle);

 private:
  using Numbers = Handles<Handle, 0x7a56'a700'0000>;
  std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::unordered_map<std::uint64_t, GpmSample> samples_;
};

}  // namespace assay::nvml_sim

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The part of CUPTI's ABI that PM sampling needs, declared anew so that nothing of NVIDIA is needed
// to build. Source: cupti_pmsampling.h, cupti_profiler_host.h, cupti_profiler_target.h,
// cupti_target.h and cupti_result.h of CUDA 13.0; abi_test compares each size and offset where that
// header is installed. A struct's first member says how much of it the caller knows: its size up to
// the end of the last member, without padding.
namespace assay::probe::pm::abi {

using Code = int;
enum Result : Code {
  kSuccess = 0,
  kOutOfMemory = 8,
  kHardwareBusy = 26,
  kNotSupported = 27,
  kVirtualized = 33,
  kInsufficientPrivileges = 35,
  kVirtualizedInsufficientPrivileges = 40,
  kConfidentialComputing = 41,
  kMiningBoard = 42,
  kMig = 43,
  kSli = 44,
  kWsl = 45,
  kInvalidChipName = 46,
};

inline constexpr std::uint32_t kPmSampling = 1;  // CUPTI_PROFILER_TYPE_PM_SAMPLING
inline constexpr std::uint32_t kSysClockInterval = 0;
inline constexpr std::uint32_t kTimeInterval = 1;
inline constexpr std::uint32_t kKeepOldest = 0;
inline constexpr std::uint32_t kCounterDataFull = 1;

struct HostObject;
struct SamplingObject;

struct InitializeParams {
  std::size_t size = sizeof(InitializeParams);
  void* priv = nullptr;
};
struct ChipNameParams {
  std::size_t size = sizeof(ChipNameParams);
  void* priv = nullptr;
  std::size_t device = 0;
  const char* chip = nullptr;
};
struct HostInitializeParams {
  std::size_t size = sizeof(HostInitializeParams);
  void* priv = nullptr;
  std::uint32_t type = kPmSampling;
  const char* chip = nullptr;
  const std::uint8_t* availability = nullptr;
  HostObject* host = nullptr;
};
struct HostDeinitializeParams {
  std::size_t size = sizeof(HostDeinitializeParams);
  void* priv = nullptr;
  HostObject* host = nullptr;
};
struct AddMetricsParams {
  std::size_t size = sizeof(AddMetricsParams);
  void* priv = nullptr;
  HostObject* host = nullptr;
  const char** names = nullptr;
  std::size_t count = 0;
};
struct ConfigImageSizeParams {
  std::size_t size = sizeof(ConfigImageSizeParams);
  void* priv = nullptr;
  HostObject* host = nullptr;
  std::size_t bytes = 0;
};
struct ConfigImageParams {
  std::size_t size = sizeof(ConfigImageParams);
  void* priv = nullptr;
  HostObject* host = nullptr;
  std::size_t bytes = 0;
  std::uint8_t* image = nullptr;
};
struct PassesParams {
  std::size_t size = sizeof(PassesParams);
  void* priv = nullptr;
  std::size_t bytes = 0;
  std::uint8_t* image = nullptr;
  std::size_t passes = 0;
};
struct EvaluateParams {
  std::size_t size = sizeof(EvaluateParams);
  void* priv = nullptr;
  HostObject* host = nullptr;
  const std::uint8_t* data = nullptr;
  std::size_t data_bytes = 0;
  std::size_t range = 0;
  const char** names = nullptr;
  std::size_t count = 0;
  double* values = nullptr;
};
struct AvailabilityParams {
  std::size_t size = sizeof(AvailabilityParams);
  void* priv = nullptr;
  std::size_t device = 0;
  std::size_t bytes = 0;
  std::uint8_t* image = nullptr;
};
struct EnableParams {
  std::size_t size = sizeof(EnableParams);
  void* priv = nullptr;
  std::size_t device = 0;
  SamplingObject* sampling = nullptr;
};
// Disable, start and stop take the same.
struct SamplingParams {
  std::size_t size = sizeof(SamplingParams);
  void* priv = nullptr;
  SamplingObject* sampling = nullptr;
};
struct SetConfigParams {
  std::size_t size = sizeof(SetConfigParams);
  void* priv = nullptr;
  SamplingObject* sampling = nullptr;
  std::size_t config_bytes = 0;
  const std::uint8_t* config = nullptr;
  std::size_t buffer_bytes = 0;
  std::uint64_t interval = 0;
  std::uint32_t trigger = kTimeInterval;
  std::uint32_t append = kKeepOldest;
};
struct DataSizeParams {
  std::size_t size = sizeof(DataSizeParams);
  void* priv = nullptr;
  SamplingObject* sampling = nullptr;
  const char** names = nullptr;
  std::size_t count = 0;
  std::uint32_t max_samples = 0;
  std::size_t bytes = 0;
};
struct DataInitializeParams {
  std::size_t size = sizeof(DataInitializeParams);
  void* priv = nullptr;
  SamplingObject* sampling = nullptr;
  std::size_t bytes = 0;
  std::uint8_t* data = nullptr;
};
struct DecodeParams {
  std::size_t size = offsetof(DecodeParams, overflow) + 1;
  void* priv = nullptr;
  SamplingObject* sampling = nullptr;
  std::uint8_t* data = nullptr;
  std::size_t data_bytes = 0;
  std::uint32_t stop_reason = 0;
  std::uint8_t overflow = 0;
};
struct DataInfoParams {
  std::size_t size = sizeof(DataInfoParams);
  void* priv = nullptr;
  const std::uint8_t* data = nullptr;
  std::size_t data_bytes = 0;
  std::size_t total = 0;
  std::size_t populated = 0;
  std::size_t completed = 0;
};
struct SampleInfoParams {
  std::size_t size = sizeof(SampleInfoParams);
  void* priv = nullptr;
  SamplingObject* sampling = nullptr;
  const std::uint8_t* data = nullptr;
  std::size_t data_bytes = 0;
  std::size_t index = 0;
  std::uint64_t begin_ns = 0;
  std::uint64_t end_ns = 0;
};

// field, symbol, parameter struct: every function here takes one pointer.
#define ASSAY_CUPTI_PM_FUNCTIONS(ROW)                                                   \
  ROW(initialize, cuptiProfilerInitialize, InitializeParams)                            \
  ROW(chip_name, cuptiDeviceGetChipName, ChipNameParams)                                \
  ROW(host_initialize, cuptiProfilerHostInitialize, HostInitializeParams)               \
  ROW(host_deinitialize, cuptiProfilerHostDeinitialize, HostDeinitializeParams)         \
  ROW(add_metrics, cuptiProfilerHostConfigAddMetrics, AddMetricsParams)                 \
  ROW(config_size, cuptiProfilerHostGetConfigImageSize, ConfigImageSizeParams)          \
  ROW(config_image, cuptiProfilerHostGetConfigImage, ConfigImageParams)                 \
  ROW(passes, cuptiProfilerHostGetNumOfPasses, PassesParams)                            \
  ROW(evaluate, cuptiProfilerHostEvaluateToGpuValues, EvaluateParams)                   \
  ROW(availability, cuptiPmSamplingGetCounterAvailability, AvailabilityParams)          \
  ROW(enable, cuptiPmSamplingEnable, EnableParams)                                      \
  ROW(disable, cuptiPmSamplingDisable, SamplingParams)                                  \
  ROW(set_config, cuptiPmSamplingSetConfig, SetConfigParams)                            \
  ROW(start, cuptiPmSamplingStart, SamplingParams)                                      \
  ROW(stop, cuptiPmSamplingStop, SamplingParams)                                        \
  ROW(decode, cuptiPmSamplingDecodeData, DecodeParams)                                  \
  ROW(data_size, cuptiPmSamplingGetCounterDataSize, DataSizeParams)                     \
  ROW(data_initialize, cuptiPmSamplingCounterDataImageInitialize, DataInitializeParams) \
  ROW(data_info, cuptiPmSamplingGetCounterDataInfo, DataInfoParams)                     \
  ROW(sample_info, cuptiPmSamplingCounterDataGetSampleInfo, SampleInfoParams)

struct Functions {
#define ASSAY_CUPTI_PM_FIELD(field, symbol, params) Code (*field)(params*) = nullptr;
  ASSAY_CUPTI_PM_FUNCTIONS(ASSAY_CUPTI_PM_FIELD)
#undef ASSAY_CUPTI_PM_FIELD
};

}  // namespace assay::probe::pm::abi

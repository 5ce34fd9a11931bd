// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/cupti_abi.hpp"

#include <gtest/gtest.h>

// Holds our declarations against NVIDIA's own where they are installed; skips visibly elsewhere.
#if __has_include(<cupti_pmsampling.h>) && __has_include(<cuda.h>)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <cupti_pmsampling.h>
#include <cupti_profiler_host.h>
#include <cupti_profiler_target.h>
#include <cupti_target.h>
#pragma GCC diagnostic pop

namespace assay::probe::pm {
namespace {

#define EXPECT_SAME_SIZE(ours, theirs) EXPECT_EQ(abi::ours().size, theirs##_STRUCT_SIZE) << #theirs
#define EXPECT_SAME_PLACE(ours, field, theirs, their_field) \
  EXPECT_EQ(offsetof(abi::ours, field), offsetof(theirs, their_field)) << #theirs "." #their_field

TEST(CuptiPmAbi, SizesAreTheHeaders) {
  EXPECT_SAME_SIZE(InitializeParams, CUpti_Profiler_Initialize_Params);
  EXPECT_SAME_SIZE(ChipNameParams, CUpti_Device_GetChipName_Params);
  EXPECT_SAME_SIZE(HostInitializeParams, CUpti_Profiler_Host_Initialize_Params);
  EXPECT_SAME_SIZE(HostDeinitializeParams, CUpti_Profiler_Host_Deinitialize_Params);
  EXPECT_SAME_SIZE(AddMetricsParams, CUpti_Profiler_Host_ConfigAddMetrics_Params);
  EXPECT_SAME_SIZE(ConfigImageSizeParams, CUpti_Profiler_Host_GetConfigImageSize_Params);
  EXPECT_SAME_SIZE(ConfigImageParams, CUpti_Profiler_Host_GetConfigImage_Params);
  EXPECT_SAME_SIZE(PassesParams, CUpti_Profiler_Host_GetNumOfPasses_Params);
  EXPECT_SAME_SIZE(EvaluateParams, CUpti_Profiler_Host_EvaluateToGpuValues_Params);
  EXPECT_SAME_SIZE(AvailabilityParams, CUpti_PmSampling_GetCounterAvailability_Params);
  EXPECT_SAME_SIZE(EnableParams, CUpti_PmSampling_Enable_Params);
  EXPECT_SAME_SIZE(SamplingParams, CUpti_PmSampling_Disable_Params);
  EXPECT_SAME_SIZE(SamplingParams, CUpti_PmSampling_Start_Params);
  EXPECT_SAME_SIZE(SamplingParams, CUpti_PmSampling_Stop_Params);
  EXPECT_SAME_SIZE(SetConfigParams, CUpti_PmSampling_SetConfig_Params);
  EXPECT_SAME_SIZE(DataSizeParams, CUpti_PmSampling_GetCounterDataSize_Params);
  EXPECT_SAME_SIZE(DataInitializeParams, CUpti_PmSampling_CounterDataImage_Initialize_Params);
  EXPECT_SAME_SIZE(DecodeParams, CUpti_PmSampling_DecodeData_Params);
  EXPECT_SAME_SIZE(DataInfoParams, CUpti_PmSampling_GetCounterDataInfo_Params);
  EXPECT_SAME_SIZE(SampleInfoParams, CUpti_PmSampling_CounterData_GetSampleInfo_Params);
}

TEST(CuptiPmAbi, PlacesAreTheHeaders) {
  EXPECT_SAME_PLACE(HostInitializeParams, chip, CUpti_Profiler_Host_Initialize_Params, pChipName);
  EXPECT_SAME_PLACE(EvaluateParams, range, CUpti_Profiler_Host_EvaluateToGpuValues_Params,
                    rangeIndex);
  EXPECT_SAME_PLACE(EvaluateParams, values, CUpti_Profiler_Host_EvaluateToGpuValues_Params,
                    pMetricValues);
  EXPECT_SAME_PLACE(SetConfigParams, buffer_bytes, CUpti_PmSampling_SetConfig_Params,
                    hardwareBufferSize);
  EXPECT_SAME_PLACE(SetConfigParams, interval, CUpti_PmSampling_SetConfig_Params, samplingInterval);
  EXPECT_SAME_PLACE(SetConfigParams, append, CUpti_PmSampling_SetConfig_Params, hwBufferAppendMode);
  EXPECT_SAME_PLACE(DataSizeParams, max_samples, CUpti_PmSampling_GetCounterDataSize_Params,
                    maxSamples);
  EXPECT_SAME_PLACE(DecodeParams, overflow, CUpti_PmSampling_DecodeData_Params, overflow);
  EXPECT_SAME_PLACE(DataInfoParams, completed, CUpti_PmSampling_GetCounterDataInfo_Params,
                    numCompletedSamples);
  EXPECT_SAME_PLACE(SampleInfoParams, end_ns, CUpti_PmSampling_CounterData_GetSampleInfo_Params,
                    endTimestamp);
}

TEST(CuptiPmAbi, ConstantsAreTheHeaders) {
  EXPECT_EQ(abi::kPmSampling, static_cast<unsigned>(CUPTI_PROFILER_TYPE_PM_SAMPLING));
  EXPECT_EQ(abi::kTimeInterval,
            static_cast<unsigned>(CUPTI_PM_SAMPLING_TRIGGER_MODE_GPU_TIME_INTERVAL));
  EXPECT_EQ(abi::kCounterDataFull,
            static_cast<unsigned>(CUPTI_PM_SAMPLING_DECODE_STOP_REASON_COUNTER_DATA_FULL));
  EXPECT_EQ(abi::kInsufficientPrivileges, static_cast<int>(CUPTI_ERROR_INSUFFICIENT_PRIVILEGES));
  EXPECT_EQ(abi::kMig, static_cast<int>(CUPTI_ERROR_MIG_DEVICE_NOT_SUPPORTED));
  EXPECT_EQ(abi::kConfidentialComputing,
            static_cast<int>(CUPTI_ERROR_CONFIDENTIAL_COMPUTING_NOT_SUPPORTED));
  EXPECT_EQ(abi::kHardwareBusy, static_cast<int>(CUPTI_ERROR_HARDWARE_BUSY));
}

}  // namespace
}  // namespace assay::probe::pm
#else
TEST(CuptiPmAbi, SizesAreTheHeaders) {
  GTEST_SKIP() << "CUDA's cupti_pmsampling.h is not installed here";
}
#endif

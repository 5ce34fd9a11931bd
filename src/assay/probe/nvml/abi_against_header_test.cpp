// SPDX-License-Identifier: Apache-2.0
// Our declaration of NVML's ABI beside the real nvml.h, where one is installed (any NVML from 11.8
// on). Elsewhere the test says that it was skipped.
#include <gtest/gtest.h>

#include "assay/probe/nvml/abi.hpp"
#include "assay/probe/nvml/codes.hpp"
#include "assay/probe/nvml/gpm_table.hpp"

#if __has_include(<nvml.h>)
#include <nvml.h>

// The header's macros cast as C does.
#pragma GCC diagnostic ignored "-Wold-style-cast"

namespace assay::probe::nvml {
namespace {

static_assert(sizeof(abi::PciInfo) == sizeof(nvmlPciInfo_t));
static_assert(offsetof(abi::PciInfo, bus_id) == offsetof(nvmlPciInfo_t, busId));
static_assert(sizeof(abi::Utilization) == sizeof(nvmlUtilization_t));
static_assert(sizeof(abi::MemoryV1) == sizeof(nvmlMemory_t));
static_assert(offsetof(abi::MemoryV1, free) == offsetof(nvmlMemory_t, free));
static_assert(sizeof(abi::MemoryV2) == sizeof(nvmlMemory_v2_t));
static_assert(offsetof(abi::MemoryV2, reserved) == offsetof(nvmlMemory_v2_t, reserved));
static_assert(offsetof(abi::MemoryV2, free) == offsetof(nvmlMemory_v2_t, free));
static_assert(abi::kMemoryV2 == nvmlMemory_v2);
static_assert(sizeof(abi::ProcessInfo) == sizeof(nvmlProcessInfo_t));
static_assert(offsetof(abi::ProcessInfo, used_memory) ==
              offsetof(nvmlProcessInfo_t, usedGpuMemory));
static_assert(sizeof(abi::ProcessInfoV1) == sizeof(nvmlProcessInfo_v1_t));
static_assert(sizeof(abi::ProcessUtilization) == sizeof(nvmlProcessUtilizationSample_t));
static_assert(offsetof(abi::ProcessUtilization, sm) ==
              offsetof(nvmlProcessUtilizationSample_t, smUtil));
static_assert(sizeof(abi::Value) == sizeof(nvmlValue_t));
static_assert(sizeof(abi::UtilizationSample) == sizeof(nvmlSample_t));
static_assert(sizeof(abi::FieldValue) == sizeof(nvmlFieldValue_t));
static_assert(offsetof(abi::FieldValue, type) == offsetof(nvmlFieldValue_t, valueType));
static_assert(offsetof(abi::FieldValue, result) == offsetof(nvmlFieldValue_t, nvmlReturn));
static_assert(offsetof(abi::FieldValue, value) == offsetof(nvmlFieldValue_t, value));
static_assert(sizeof(abi::EventData) == sizeof(nvmlEventData_t));
static_assert(offsetof(abi::EventData, data) == offsetof(nvmlEventData_t, eventData));
static_assert(sizeof(abi::GpmMetric) == sizeof(nvmlGpmMetric_t));
static_assert(offsetof(abi::GpmMetric, value) == offsetof(nvmlGpmMetric_t, value));
static_assert(offsetof(abi::GpmMetric, unit) == offsetof(nvmlGpmMetric_t, metricInfo.unit));
static_assert(offsetof(abi::GpmMetricsGet, metrics) == offsetof(nvmlGpmMetricsGet_t, metrics));
static_assert(sizeof(abi::GpmMetricsGet) >= sizeof(nvmlGpmMetricsGet_t));
static_assert(sizeof(abi::GpmSupport) == sizeof(nvmlGpmSupport_t));
static_assert(abi::kGpmMetricsGetVersion == NVML_GPM_METRICS_GET_VERSION);
static_assert(abi::kGpmSupportVersion == NVML_GPM_SUPPORT_VERSION);
static_assert(abi::kFieldMemoryTemp == NVML_FI_DEV_MEMORY_TEMP);
static_assert(abi::kFieldRetiredPending == NVML_FI_DEV_RETIRED_PENDING);
#ifdef NVML_FI_DEV_POWER_INSTANT
static_assert(abi::kFieldPowerInstant == NVML_FI_DEV_POWER_INSTANT);
#endif
static_assert(abi::kEventXid == nvmlEventTypeXidCriticalError);
static_assert(abi::kEccVolatile == NVML_VOLATILE_ECC);
static_assert(abi::kTemperatureGpu == NVML_TEMPERATURE_GPU);

template <typename Ours, typename Theirs>
constexpr bool same(Ours ours, Theirs theirs) {
  return static_cast<std::uint32_t>(ours) == static_cast<std::uint32_t>(theirs);
}
static_assert(same(abi::ClockType::sm, NVML_CLOCK_SM));
static_assert(same(abi::ClockType::memory, NVML_CLOCK_MEM));
static_assert(same(abi::SamplingType::gpu_utilization, NVML_GPU_UTILIZATION_SAMPLES));
static_assert(same(abi::EccError::corrected, NVML_MEMORY_ERROR_TYPE_CORRECTED));
static_assert(same(abi::EccError::uncorrected, NVML_MEMORY_ERROR_TYPE_UNCORRECTED));
static_assert(same(abi::RetireCause::single_bit,
                   NVML_PAGE_RETIREMENT_CAUSE_MULTIPLE_SINGLE_BIT_ECC_ERRORS));
static_assert(same(abi::RetireCause::double_bit, NVML_PAGE_RETIREMENT_CAUSE_DOUBLE_BIT_ECC_ERROR));
static_assert(same(abi::ValueType::i64, NVML_VALUE_TYPE_SIGNED_LONG_LONG));
static_assert(same(abi::Return::gpu_is_lost, NVML_ERROR_GPU_IS_LOST));
static_assert(same(abi::Return::operating_system, NVML_ERROR_OPERATING_SYSTEM));
static_assert(same(abi::Return::insufficient_resources, NVML_ERROR_INSUFFICIENT_RESOURCES));
static_assert(same(abi::Return::unknown, NVML_ERROR_UNKNOWN));

TEST(AbiAgainstHeader, GpmNumbersAreTheHeaders) {
  const auto id_of = [](metric::Id id) {
    for (const GpmRow& row : gpm_rows())
      if (row.metric == id) return row.id;
    return 0U;
  };
  using metric::Id;
  EXPECT_EQ(id_of(Id::graphics_util), static_cast<unsigned>(NVML_GPM_METRIC_GRAPHICS_UTIL));
  EXPECT_EQ(id_of(Id::sm_active), static_cast<unsigned>(NVML_GPM_METRIC_SM_UTIL));
  EXPECT_EQ(id_of(Id::sm_occupancy), static_cast<unsigned>(NVML_GPM_METRIC_SM_OCCUPANCY));
  EXPECT_EQ(id_of(Id::int_util), static_cast<unsigned>(NVML_GPM_METRIC_INTEGER_UTIL));
  EXPECT_EQ(id_of(Id::tensor_util), static_cast<unsigned>(NVML_GPM_METRIC_ANY_TENSOR_UTIL));
  EXPECT_EQ(id_of(Id::tensor_hmma_util), static_cast<unsigned>(NVML_GPM_METRIC_HMMA_TENSOR_UTIL));
  EXPECT_EQ(id_of(Id::tensor_imma_util), static_cast<unsigned>(NVML_GPM_METRIC_IMMA_TENSOR_UTIL));
  EXPECT_EQ(id_of(Id::dram_util), static_cast<unsigned>(NVML_GPM_METRIC_DRAM_BW_UTIL));
  EXPECT_EQ(id_of(Id::fp64_util), static_cast<unsigned>(NVML_GPM_METRIC_FP64_UTIL));
  EXPECT_EQ(id_of(Id::fp32_util), static_cast<unsigned>(NVML_GPM_METRIC_FP32_UTIL));
  EXPECT_EQ(id_of(Id::fp16_util), static_cast<unsigned>(NVML_GPM_METRIC_FP16_UTIL));
  EXPECT_EQ(id_of(Id::pcie_tx), static_cast<unsigned>(NVML_GPM_METRIC_PCIE_TX_PER_SEC));
  EXPECT_EQ(id_of(Id::nvofa0_util), static_cast<unsigned>(NVML_GPM_METRIC_NVOFA_0_UTIL));
  EXPECT_EQ(id_of(Id::nvlink_rx), static_cast<unsigned>(NVML_GPM_METRIC_NVLINK_TOTAL_RX_PER_SEC));
  EXPECT_EQ(id_of(Id::nvlink17_tx), static_cast<unsigned>(NVML_GPM_METRIC_NVLINK_L17_TX_PER_SEC));
#if NVML_API_VERSION >= 13
  EXPECT_EQ(id_of(Id::c2c13_data_rx),
            static_cast<unsigned>(NVML_GPM_METRIC_C2C_LINK13_DATA_RX_PER_SEC));
  EXPECT_EQ(id_of(Id::dram_cache_miss), static_cast<unsigned>(NVML_GPM_METRIC_DRAM_CACHE_MISS));
  EXPECT_EQ(id_of(Id::nvenc3_util), static_cast<unsigned>(NVML_GPM_METRIC_NVENC_3_UTIL));
  EXPECT_EQ(id_of(Id::ctxsw7_active), static_cast<unsigned>(NVML_GPM_METRIC_GR7_CTXSW_ACTIVE_PCT));
#endif
  for (const GpmRow& row : gpm_rows()) EXPECT_LT(row.id, abi::kGpmEntries);
}

TEST(AbiAgainstHeader, CodesHaveTheLibrarysNumbers) {
  EXPECT_TRUE(same(abi::Return::driver_not_loaded, NVML_ERROR_DRIVER_NOT_LOADED));
  EXPECT_TRUE(same(abi::Return::function_not_found, NVML_ERROR_FUNCTION_NOT_FOUND));
  EXPECT_TRUE(same(abi::Return::reset_required, NVML_ERROR_RESET_REQUIRED));
#if NVML_API_VERSION >= 13
  EXPECT_TRUE(same(abi::Return::argument_version_mismatch, NVML_ERROR_ARGUMENT_VERSION_MISMATCH));
  EXPECT_TRUE(same(abi::Return::not_ready, NVML_ERROR_NOT_READY));
  EXPECT_TRUE(same(abi::Return::gpu_not_found, NVML_ERROR_GPU_NOT_FOUND));
#endif
}

}  // namespace
}  // namespace assay::probe::nvml

#else

namespace assay::probe::nvml {
TEST(AbiAgainstHeader, Skipped) { GTEST_SKIP() << "no nvml.h on this machine"; }
}  // namespace assay::probe::nvml

#endif

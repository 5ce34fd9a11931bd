// SPDX-License-Identifier: Apache-2.0
// nvml_abi/device.hpp beside the real nvml.h, where one is installed (NVML 12.4 or newer), and the
// signatures of calls.def beside its prototypes. Elsewhere the test says that it was skipped.
#include <gtest/gtest.h>

#include <type_traits>

#include "assay/nvml_sim/nvml.hpp"

#if __has_include(<nvml.h>)
#define NVML_NO_UNVERSIONED_FUNC_DEFS
#include <nvml.h>

namespace assay::nvml_sim {
namespace {

static_assert(sizeof(abi::PciInfoExt) == sizeof(nvmlPciInfoExt_v1_t));
static_assert(offsetof(abi::PciInfoExt, bus_id) == offsetof(nvmlPciInfoExt_v1_t, busId));
static_assert(sizeof(abi::EccCounts) == sizeof(nvmlEccErrorCounts_t));
static_assert(offsetof(abi::EccCounts, device_memory) ==
              offsetof(nvmlEccErrorCounts_t, deviceMemory));
static_assert(sizeof(abi::ProcessDetail) == sizeof(nvmlProcessDetail_v1_t));
static_assert(sizeof(abi::ProcessDetailList) == sizeof(nvmlProcessDetailList_v1_t));
static_assert(offsetof(abi::ProcessDetailList, entries) ==
              offsetof(nvmlProcessDetailList_v1_t, procArray));
static_assert(sizeof(abi::ProcessUtilizationInfo) == sizeof(nvmlProcessUtilizationInfo_v1_t));
static_assert(offsetof(abi::ProcessUtilizationInfo, jpeg) ==
              offsetof(nvmlProcessUtilizationInfo_v1_t, jpgUtil));
static_assert(sizeof(abi::ProcessesUtilization) == sizeof(nvmlProcessesUtilizationInfo_v1_t));
static_assert(offsetof(abi::ProcessesUtilization, entries) ==
              offsetof(nvmlProcessesUtilizationInfo_v1_t, procUtilArray));
static_assert(abi::kSampleOpticalFlow == NVML_OFA_UTILIZATION_SAMPLES);
static_assert(abi::kEventUncorrectedEcc == nvmlEventTypeDoubleBitEccError);
static_assert(abi::kBrandGeforceRtx == NVML_BRAND_GEFORCE_RTX);
#if NVML_API_VERSION >= 13
static_assert(sizeof(abi::DriverBranch) == sizeof(nvmlSystemDriverBranchInfo_v1_t));
static_assert(sizeof(abi::Temperature) == sizeof(nvmlTemperature_v1_t));
static_assert(offsetof(abi::Temperature, celsius) == offsetof(nvmlTemperature_v1_t, temperature));
#endif

// How a parameter is passed: its size, and whether it points at something.
template <typename T>
constexpr int kPassed = std::is_pointer_v<T> ? -1 : static_cast<int>(sizeof(T));

template <typename Method, typename Function>
constexpr bool kSameCall = false;
template <typename... Ours, typename... Theirs>
  requires(sizeof...(Ours) == sizeof...(Theirs))
constexpr bool kSameCall<Return (Nvml::*)(Ours...), nvmlReturn_t (*)(Theirs...)> =
    ((kPassed<Ours> == kPassed<Theirs>) && ...);

// The header's own name for it, which NVML_NO_UNVERSIONED_FUNC_DEFS takes away.
#define nvmlGetBlacklistDeviceCount nvmlGetExcludedDeviceCount
#if NVML_API_VERSION >= 13
#define ASSAY_NVML_CALL(symbol, method, parameters, arguments) \
  EXPECT_TRUE((kSameCall<decltype(&Nvml::method), decltype(&::symbol)>)) << #symbol;
#define ASSAY_NVML_SAME ASSAY_NVML_CALL
TEST(SimAbiAgainstHeader, EveryCallTakesWhatTheHeaderPasses) {
#include "assay/nvml_sim/calls.def"
}
#endif

}  // namespace
}  // namespace assay::nvml_sim

#else

namespace assay::nvml_sim {
TEST(SimAbiAgainstHeader, Skipped) { GTEST_SKIP() << "no nvml.h on this machine"; }
}  // namespace assay::nvml_sim

#endif

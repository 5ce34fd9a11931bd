// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "assay/nvml_abi/abi.hpp"

// What of NVML's binary interface only the simulated library (nvml_sim) needs, beside abi.hpp.
// Layouts and numbers are those of NVIDIA's nvml.h of NVML 12.4 and 13.0;
// nvml_sim/abi_against_header_test.cpp compares them with the real header where one is installed.
namespace assay::nvml_abi {

inline constexpr std::size_t kBusIdBuffer = 32;        // NVML_DEVICE_PCI_BUS_ID_BUFFER_SIZE
inline constexpr std::size_t kBusIdLegacyBuffer = 16;  // NVML_DEVICE_PCI_BUS_ID_BUFFER_V2_SIZE
inline constexpr std::uint32_t kNvidiaVendor = 0x10DE;

struct PciInfoExt {  // nvmlPciInfoExt_v1_t
  std::uint32_t version;
  std::uint32_t domain;
  std::uint32_t bus;
  std::uint32_t device;
  std::uint32_t pci_device_id;
  std::uint32_t pci_subsystem_id;
  std::uint32_t base_class;
  std::uint32_t sub_class;
  char bus_id[kBusIdBuffer];
};
static_assert(sizeof(PciInfoExt) == 64);

struct DriverBranch {  // nvmlSystemDriverBranchInfo_v1_t
  std::uint32_t version;
  char branch[kVersionBuffer];
};
static_assert(sizeof(DriverBranch) == 84);

struct Temperature {  // nvmlTemperature_v1_t, degrees Celsius
  std::uint32_t version;
  std::uint32_t sensor;
  std::int32_t celsius;
};
static_assert(sizeof(Temperature) == 12);

struct EccCounts {  // nvmlEccErrorCounts_t
  std::uint64_t l1;
  std::uint64_t l2;
  std::uint64_t device_memory;
  std::uint64_t register_file;
};
static_assert(sizeof(EccCounts) == 32);

struct RowRemapperHistogram {  // nvmlRowRemapperHistogramValues_t, banks
  std::uint32_t max;
  std::uint32_t high;
  std::uint32_t partial;
  std::uint32_t low;
  std::uint32_t none;
};
static_assert(sizeof(RowRemapperHistogram) == 20);

struct ProcessDetail {  // nvmlProcessDetail_v1_t
  std::uint32_t pid;
  std::uint64_t used_memory;
  std::uint32_t gpu_instance;
  std::uint32_t compute_instance;
  std::uint64_t protected_memory;
};
static_assert(sizeof(ProcessDetail) == 32);

struct ProcessDetailList {  // nvmlProcessDetailList_v1_t
  std::uint32_t version;
  std::uint32_t mode;  // 0 compute, 1 graphics, 2 MPS
  std::uint32_t count;
  ProcessDetail* entries;
};
static_assert(sizeof(ProcessDetailList) == 24);

struct ProcessUtilizationInfo {  // nvmlProcessUtilizationInfo_v1_t, per cent of time
  std::uint64_t timestamp_us;
  std::uint32_t pid;
  std::uint32_t sm;
  std::uint32_t memory;
  std::uint32_t encoder;
  std::uint32_t decoder;
  std::uint32_t jpeg;
  std::uint32_t optical_flow;
};
static_assert(sizeof(ProcessUtilizationInfo) == 40);

struct ProcessesUtilization {  // nvmlProcessesUtilizationInfo_v1_t
  std::uint32_t version;
  std::uint32_t count;
  std::uint64_t last_seen_us;
  ProcessUtilizationInfo* entries;
};
static_assert(sizeof(ProcessesUtilization) == 24);

// What nvmlEventSetWait writes, the call without a suffix; EventData is _v2's.
struct EventDataV1 {
  DeviceHandle device;
  std::uint64_t type;
  std::uint64_t data;
};
static_assert(sizeof(EventDataV1) == 24);

// nvmlClockType_t and nvmlClockId_t go on after the values of abi.hpp.
inline constexpr std::uint32_t kClockVideo = 3;
inline constexpr std::uint32_t kClockTypes = 4;
inline constexpr std::uint32_t kClockIds = 4;

// nvmlSamplingType_t. 0 is board power in mW, 2 memory utilization, 3, 4, 8 and 9 those of the
// video, JPEG and optical flow engines, in per cent.
inline constexpr std::uint32_t kSamplePower = 0;
inline constexpr std::uint32_t kSampleGpu = 1;
inline constexpr std::uint32_t kSampleMemory = 2;
inline constexpr std::uint32_t kSampleEncoder = 3;
inline constexpr std::uint32_t kSampleDecoder = 4;
inline constexpr std::uint32_t kSampleProcessorClock = 5;
inline constexpr std::uint32_t kSampleMemoryClock = 6;
inline constexpr std::uint32_t kSampleJpeg = 8;
inline constexpr std::uint32_t kSampleOpticalFlow = 9;

inline constexpr std::uint64_t kEventCorrectedEcc = 1;    // nvmlEventTypeSingleBitEccError
inline constexpr std::uint64_t kEventUncorrectedEcc = 2;  // nvmlEventTypeDoubleBitEccError

inline constexpr std::uint32_t kBrandTesla = 2;        // NVML_BRAND_TESLA
inline constexpr std::uint32_t kBrandNvidia = 14;      // NVML_BRAND_NVIDIA
inline constexpr std::uint32_t kBrandGeforceRtx = 15;  // NVML_BRAND_GEFORCE_RTX
inline constexpr std::uint32_t kBusPcie = 2;           // NVML_BUS_TYPE_PCIE
inline constexpr std::uint32_t kGpmMetricMax = 210;    // NVML_GPM_METRIC_MAX of NVML 13.0

}  // namespace assay::nvml_abi

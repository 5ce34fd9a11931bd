// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// The part of NVML's binary interface that assay calls, declared by ourselves so that the program
// builds and starts without any NVIDIA header or library. Layouts and numbers are those of NVIDIA's
// nvml.h, version 12.2.140 (as published in NVIDIA/go-nvml, gen/nvml/nvml.h); return codes, field
// ids and GPM ids that came later are those of NVIDIA's pynvml.py for NVML 13.
// probe/nvml/abi_against_header_test.cpp compares them with the real header where one is installed.
namespace assay::nvml_abi {

// Opaque handles of the library.
using DeviceHandle = struct DeviceTag*;
using GpmSampleHandle = struct GpmSampleTag*;
using EventSetHandle = struct EventSetTag*;

// nvmlReturn_t. A driver may answer a number that is not named here: any value is legal.
enum class Return : std::uint32_t {
  success = 0,
  uninitialized = 1,
  invalid_argument = 2,
  not_supported = 3,
  no_permission = 4,
  already_initialized = 5,
  not_found = 6,
  insufficient_size = 7,
  insufficient_power = 8,
  driver_not_loaded = 9,
  timeout = 10,
  irq_issue = 11,
  library_not_found = 12,
  function_not_found = 13,
  corrupted_inforom = 14,
  gpu_is_lost = 15,
  reset_required = 16,
  operating_system = 17,
  lib_rm_version_mismatch = 18,
  in_use = 19,
  memory = 20,
  no_data = 21,
  vgpu_ecc_not_supported = 22,
  insufficient_resources = 23,
  freq_not_supported = 24,
  argument_version_mismatch = 25,
  deprecated = 26,
  not_ready = 27,
  gpu_not_found = 28,
  invalid_state = 29,
  reset_type_not_supported = 30,
  unknown = 999,
};

// The tag that a versioned struct carries in its first field: NVML_STRUCT_VERSION of nvml.h.
constexpr std::uint32_t version_tag(std::size_t size, std::uint32_t version) {
  return static_cast<std::uint32_t>(size) | (version << 24U);
}

inline constexpr std::size_t kNameBuffer = 96;     // NVML_DEVICE_NAME_V2_BUFFER_SIZE
inline constexpr std::size_t kUuidBuffer = 96;     // NVML_DEVICE_UUID_V2_BUFFER_SIZE
inline constexpr std::size_t kVersionBuffer = 80;  // NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE

struct PciInfo {  // nvmlPciInfo_t, used with nvmlDeviceGetPciInfo_v3
  char bus_id_legacy[16];
  std::uint32_t domain;
  std::uint32_t bus;
  std::uint32_t device;
  std::uint32_t pci_device_id;
  std::uint32_t pci_subsystem_id;
  char bus_id[32];
};
static_assert(sizeof(PciInfo) == 68);

struct Utilization {  // nvmlUtilization_t, per cent
  std::uint32_t gpu;
  std::uint32_t memory;
};
static_assert(sizeof(Utilization) == 8);

struct MemoryV1 {  // nvmlMemory_t, bytes; used includes what driver and firmware hold back
  std::uint64_t total;
  std::uint64_t free;
  std::uint64_t used;
};
static_assert(sizeof(MemoryV1) == 24);

struct MemoryV2 {  // nvmlMemory_v2_t, bytes
  std::uint32_t version;
  std::uint64_t total;
  std::uint64_t reserved;
  std::uint64_t free;
  std::uint64_t used;
};
static_assert(sizeof(MemoryV2) == 40);
inline constexpr std::uint32_t kMemoryV2 = version_tag(sizeof(MemoryV2), 2);
static_assert(kMemoryV2 == 0x02000028);

// nvmlProcessInfo_t as the _v2 and _v3 calls write it. The call without suffix writes 16 bytes an
// entry (ProcessInfoV1), drivers 535.43 to 535.86 write 32 (with the confidential-compute memory):
// process_list.hpp tells them apart by what was written.
struct ProcessInfo {
  std::uint32_t pid;
  std::uint64_t used_memory;  // bytes, or kNotAvailable
  std::uint32_t gpu_instance;
  std::uint32_t compute_instance;
};
static_assert(sizeof(ProcessInfo) == 24);
struct ProcessInfoV1 {
  std::uint32_t pid;
  std::uint64_t used_memory;
};
static_assert(sizeof(ProcessInfoV1) == 16);
inline constexpr std::size_t kLargestProcessInfo = 32;
inline constexpr std::uint64_t kNotAvailable = ~std::uint64_t{0};  // NVML_VALUE_NOT_AVAILABLE

struct ProcessUtilization {  // nvmlProcessUtilizationSample_t, per cent of time
  std::uint32_t pid;
  std::uint64_t timestamp_us;
  std::uint32_t sm;
  std::uint32_t memory;
  std::uint32_t encoder;
  std::uint32_t decoder;
};
static_assert(sizeof(ProcessUtilization) == 32);

union Value {  // nvmlValue_t
  double as_double;
  std::uint32_t as_u32;
  std::uint64_t as_u64;
  std::int64_t as_i64;
  std::int32_t as_i32;
  std::uint16_t as_u16;
};
static_assert(sizeof(Value) == 8);

enum class ValueType : std::uint32_t {  // nvmlValueType_t; "unsigned long" is 64 bits here
  f64 = 0,
  u32 = 1,
  ulong = 2,
  u64 = 3,
  i64 = 4,
  i32 = 5,
  u16 = 6,
};

struct UtilizationSample {  // nvmlSample_t; the time is the host's wall clock
  std::uint64_t timestamp_us;
  Value value;
};
static_assert(sizeof(UtilizationSample) == 16);

struct FieldValue {  // nvmlFieldValue_t
  std::uint32_t field;
  std::uint32_t scope;
  std::int64_t timestamp_us;
  std::int64_t latency_us;
  ValueType type;
  Return result;
  Value value;
};
static_assert(sizeof(FieldValue) == 40);
inline constexpr std::uint32_t kFieldRetiredPending = 31;  // NVML_FI_DEV_RETIRED_PENDING
inline constexpr std::uint32_t kFieldMemoryTemp = 82;      // NVML_FI_DEV_MEMORY_TEMP, degrees C
inline constexpr std::uint32_t kFieldPowerInstant = 186;   // NVML_FI_DEV_POWER_INSTANT, mW

struct EventData {  // nvmlEventData_t, used with nvmlEventSetWait_v2
  DeviceHandle device;
  std::uint64_t type;
  std::uint64_t data;  // the Xid for kEventXid
  std::uint32_t gpu_instance;
  std::uint32_t compute_instance;
};
static_assert(sizeof(EventData) == 32);
inline constexpr std::uint64_t kEventXid = 8;  // nvmlEventTypeXidCriticalError

struct GpmMetric {  // nvmlGpmMetric_t; the texts belong to the library
  std::uint32_t id;
  Return result;
  double value;
  const char* short_name;
  const char* long_name;
  const char* unit;
};
static_assert(sizeof(GpmMetric) == 40);

// nvmlGpmMetricsGet_t. The header's array has 98, 210 or 333 entries by version while the struct
// keeps version 1: only the first `count` entries are read or written, whatever its size.
inline constexpr std::size_t kGpmEntries = 512;
struct GpmMetricsGet {
  std::uint32_t version;
  std::uint32_t count;
  GpmSampleHandle sample1;
  GpmSampleHandle sample2;
  GpmMetric metrics[kGpmEntries];
};
static_assert(offsetof(GpmMetricsGet, metrics) == 24);
inline constexpr std::uint32_t kGpmMetricsGetVersion = 1;  // NVML_GPM_METRICS_GET_VERSION

struct GpmSupport {  // nvmlGpmSupport_t
  std::uint32_t version;
  std::uint32_t supported;
};
static_assert(sizeof(GpmSupport) == 8);
inline constexpr std::uint32_t kGpmSupportVersion = 1;  // NVML_GPM_SUPPORT_VERSION

enum class ClockType : std::uint32_t { graphics = 0, sm = 1, memory = 2 };  // nvmlClockType_t
enum class SamplingType : std::uint32_t { gpu_utilization = 1 };            // nvmlSamplingType_t
enum class EccError : std::uint32_t { corrected = 0, uncorrected = 1 };     // nvmlMemoryErrorType_t
inline constexpr std::uint32_t kEccVolatile = 0;                            // nvmlEccCounterType_t
inline constexpr std::uint32_t kTemperatureGpu = 0;  // nvmlTemperatureSensors_t
enum class RetireCause : std::uint32_t {
  single_bit = 0,
  double_bit = 1
};  // nvmlPageRetirementCause_t

}  // namespace assay::nvml_abi

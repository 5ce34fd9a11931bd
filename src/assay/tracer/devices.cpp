// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/devices.hpp"

#include <dlfcn.h>

#include <cstring>

#include "assay/tracer/driver_abi.hpp"

namespace assay::tracer {
namespace {

struct Driver {
  abi::DriverCode (*count)(int*) = nullptr;
  abi::DriverCode (*get)(abi::Device*, int ordinal) = nullptr;
  abi::DriverCode (*name)(char*, int size, abi::Device) = nullptr;
  abi::DriverCode (*uuid)(std::uint8_t*, abi::Device) = nullptr;
  abi::DriverCode (*attribute)(int*, int attribute, abi::Device) = nullptr;
};

template <typename Function>
bool load(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool load_driver(Driver& driver) {
  void* library = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return false;
  // _v2 tells a MIG slice by its own UUID; drivers before CUDA 11.4 lack it.
  const bool uuid = load(library, "cuDeviceGetUuid_v2", driver.uuid) ||
                    load(library, "cuDeviceGetUuid", driver.uuid);
  return uuid && load(library, "cuDeviceGetCount", driver.count) &&
         load(library, "cuDeviceGet", driver.get) &&
         load(library, "cuDeviceGetName", driver.name) &&
         load(library, "cuDeviceGetAttribute", driver.attribute);
}

std::uint32_t attribute_of(const Driver& driver, abi::Device device, int attribute) {
  int value = 0;
  const bool known = driver.attribute(&value, attribute, device) == abi::kDriverSuccess;
  return known && value > 0 ? static_cast<std::uint32_t>(value) : 0;
}

// False where the ring has no room for it now.
bool write_device(Session& session, const Driver& driver, int ordinal) {
  abi::Device device = 0;
  if (driver.get(&device, ordinal) != abi::kDriverSuccess) return true;
  trace_ring::TextSlot slot;
  slot.kind = trace_ring::Kind::device;
  slot.device = static_cast<std::uint16_t>(ordinal);
  slot.sm_count = attribute_of(driver, device, abi::kMultiprocessorCount);
  slot.cc_major = attribute_of(driver, device, abi::kComputeCapabilityMajor);
  slot.cc_minor = attribute_of(driver, device, abi::kComputeCapabilityMinor);
  driver.uuid(slot.uuid.data(), device);
  char name[128] = {};
  driver.name(name, sizeof name, device);
  pthread_mutex_lock(&session.writing);
  const bool written = session.writer.push(slot, {name, strnlen(name, sizeof name)});
  session.writer.publish();
  pthread_mutex_unlock(&session.writing);
  return written;
}

}  // namespace

bool write_devices(Session& session) {
  Driver driver;
  int count = 0;
  if (!load_driver(driver) || driver.count(&count) != abi::kDriverSuccess) return false;
  bool all = true;
  for (int ordinal = 0; ordinal < count; ++ordinal)
    all = write_device(session, driver, ordinal) && all;
  return all;
}

}  // namespace assay::tracer

// SPDX-License-Identifier: Apache-2.0
// The part of libcuda.so.1 that the tracer and the microscope ask: one H100, with the UUID
// 00010203-....
#include <cstdint>
#include <cstdio>

extern "C" {

int cuInit(unsigned) { return 0; }

int cuDriverGetVersion(int* version) {
  *version = 13000;
  return 0;
}

int cuDeviceGetCount(int* count) {
  *count = 1;
  return 0;
}

int cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return 0;
}

int cuDeviceGetName(char* name, int size, int) {
  std::snprintf(name, static_cast<std::size_t>(size), "Fake H100");
  return 0;
}

int cuDeviceGetUuid_v2(std::uint8_t* uuid, int) {
  for (std::uint8_t i = 0; i < 16; ++i) uuid[i] = i;
  return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int) {
  *value = attribute == 16 ? 132 : attribute == 75 ? 9 : 0;
  return 0;
}

}  // extern "C"

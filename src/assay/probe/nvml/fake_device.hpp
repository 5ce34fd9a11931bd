// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "assay/probe/nvml/abi.hpp"
#include "assay/probe/nvml/nvml.hpp"

namespace assay::probe::nvml {

// What one device of FakeNvml answers. The defaults are an H100 on which the one-thread kernel
// spins, with the numbers that were measured on one.
struct FakeDevice {
  std::string name = "NVIDIA H100 80GB HBM3";
  std::string uuid = "GPU-00000000-0000-0000-0000-000000000000";
  std::string pci = "00000000:01:00.0";
  int cc_major = 9;
  int cc_minor = 0;
  unsigned cores = 16896;
  bool persistence = true;
  bool mig = false;

  abi::Utilization utilization{100, 0};
  abi::MemoryV2 memory{0, 85520809984, 538902528, 84439859200, 1081950784};
  unsigned power_mw = 128000;
  unsigned power_limit_mw = 700000;
  std::uint64_t energy_mj = 1000000;
  std::uint64_t energy_step_mj = 128000;  // added with each reading
  unsigned power_instant_mw = 127500;
  unsigned memory_celsius = 44;
  unsigned sm_mhz = 1980;
  unsigned memory_mhz = 2619;
  std::uint64_t throttle = 0;
  unsigned celsius = 39;
  unsigned pcie_generation = 5;
  unsigned pcie_width = 16;

  std::vector<abi::ProcessInfo> compute = {{4242, 543162368, ~0U, ~0U}};
  std::vector<abi::ProcessInfo> graphics;
  std::vector<abi::ProcessUtilization> process_utilization = {{4242, 1000, 81, 0, 0, 0}};
  std::vector<abi::UtilizationSample> utilization_samples = {{1000, {.as_u64 = 100}}};
  std::uint64_t sample_step_us = 200000;  // both buffers' times move on by this with each reading

  std::uint64_t ecc_corrected = 3;
  std::uint64_t ecc_uncorrected = 0;
  RemappedRows remapped{1, 0, false, false};
  std::vector<std::uint64_t> xids;  // waiting to be told

  bool gpm = true;
  bool gpm_frozen = false;  // the counters are not refreshed any more
  // By GPM id, in the driver's unit. An id that is not here is not supported.
  std::map<std::uint32_t, double> gpm_values = {
      {1, 100.0}, {2, 100.0 / 132}, {3, 0.0118},  {4, 0.0388}, {5, 0.0},  {6, 0.0},
      {7, 0.0},   {9, 0.0},         {10, 0.0011}, {11, 0.0},   {12, 0.0}, {13, 0.0},
      {20, 0.5},  {21, 0.25},       {60, 0.0},    {61, 0.0}};
};

}  // namespace assay::probe::nvml

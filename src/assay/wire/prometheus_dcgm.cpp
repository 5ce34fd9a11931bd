// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "assay/wire/prometheus_writer.hpp"

namespace assay::wire {
namespace {

using metric::Id;

struct Row {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  Id id;
  double scale;  // from the base unit to DCGM's
};

constexpr double kPercent = 100;
constexpr double kPerMega = 1e-6;
constexpr double kPerMebi = 1.0 / 1048576;
constexpr double kMilli = 1e3;

// Names, types and units: NVIDIA's DCGM field identifiers and the default counters of its
// Prometheus exporter (docs.nvidia.com/datacenter/dcgm, 2025-11).
constexpr std::array<Row, 31> kRows = {{
    {"DCGM_FI_DEV_SM_CLOCK", "gauge", "SM clock (MHz).", Id::sm_clock, kPerMega},
    {"DCGM_FI_DEV_MEM_CLOCK", "gauge", "Memory clock (MHz).", Id::memory_clock, kPerMega},
    {"DCGM_FI_DEV_GPU_TEMP", "gauge", "GPU temperature (C).", Id::temperature, 1},
    {"DCGM_FI_DEV_MEMORY_TEMP", "gauge", "Memory temperature (C).", Id::temperature_memory, 1},
    {"DCGM_FI_DEV_POWER_USAGE", "gauge", "Board power (W).", Id::power, 1},
    {"DCGM_FI_DEV_POWER_MGMT_LIMIT", "gauge", "Power limit (W).", Id::power_limit, 1},
    {"DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "counter", "Energy since the driver's load (mJ).",
     Id::energy, kMilli},
    {"DCGM_FI_DEV_GPU_UTIL", "gauge", "GPU-Util (%).", Id::gpu_util, kPercent},
    {"DCGM_FI_DEV_MEM_COPY_UTIL", "gauge", "Time with memory traffic (%).", Id::memory_util,
     kPercent},
    {"DCGM_FI_DEV_ENC_UTIL", "gauge", "Encoder (%).", Id::encoder_util, kPercent},
    {"DCGM_FI_DEV_DEC_UTIL", "gauge", "Decoder (%).", Id::decoder_util, kPercent},
    {"DCGM_FI_DEV_FAN_SPEED", "gauge", "Fan (%).", Id::fan_speed, kPercent},
    {"DCGM_FI_DEV_FB_USED", "gauge", "Memory in use (MiB).", Id::memory_used, kPerMebi},
    {"DCGM_FI_DEV_FB_FREE", "gauge", "Memory that is free (MiB).", Id::memory_free, kPerMebi},
    {"DCGM_FI_DEV_FB_RESERVED", "gauge", "Memory held back (MiB).", Id::memory_reserved, kPerMebi},
    {"DCGM_FI_DEV_FB_TOTAL", "gauge", "Memory, nominal (MiB).", Id::memory_total, kPerMebi},
    {"DCGM_FI_DEV_XID_ERRORS", "gauge", "The last Xid error.", Id::last_xid, 1},
    {"DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", "counter", "Corrected memory errors.", Id::ecc_corrected, 1},
    {"DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", "counter", "Uncorrected memory errors.", Id::ecc_uncorrected,
     1},
    {kDcgmEngineActive, "gauge", "Graphics engine active (0 to 1); between its readings GPU-Util.",
     Id::graphics_util, 1},
    {"DCGM_FI_PROF_SM_ACTIVE", "gauge", "SMs with a warp (0 to 1).", Id::sm_active, 1},
    {"DCGM_FI_PROF_SM_OCCUPANCY", "gauge", "Resident warps (0 to 1).", Id::sm_occupancy, 1},
    {"DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "gauge", "Tensor pipe (0 to 1).", Id::tensor_util, 1},
    {"DCGM_FI_PROF_PIPE_FP64_ACTIVE", "gauge", "fp64 pipe (0 to 1).", Id::fp64_util, 1},
    {"DCGM_FI_PROF_PIPE_FP32_ACTIVE", "gauge", "fp32 pipe (0 to 1).", Id::fp32_util, 1},
    {"DCGM_FI_PROF_PIPE_FP16_ACTIVE", "gauge", "fp16 pipe (0 to 1).", Id::fp16_util, 1},
    {"DCGM_FI_PROF_DRAM_ACTIVE", "gauge", "Memory interface (0 to 1).", Id::dram_util, 1},
    {"DCGM_FI_PROF_PCIE_TX_BYTES", "gauge", "PCIe sent (bytes per second).", Id::pcie_tx, 1},
    {"DCGM_FI_PROF_PCIE_RX_BYTES", "gauge", "PCIe received (bytes per second).", Id::pcie_rx, 1},
    {"DCGM_FI_PROF_NVLINK_TX_BYTES", "gauge", "NVLink sent (bytes per second).", Id::nvlink_tx, 1},
    {"DCGM_FI_PROF_NVLINK_RX_BYTES", "gauge", "NVLink received (bytes per second).", Id::nvlink_rx,
     1},
}};

LabelTexts labels_of(const appraise::AppraisedSnapshot& snapshot,
                     const PrometheusOptions& options) {
  LabelTexts all;
  for (std::size_t i = 0; i < snapshot.devices.size(); ++i) {
    const sample::DeviceFacts& facts = snapshot.devices[i].facts;
    all.push_back(
        fmt::format("{{gpu=\"{0}\",{1},{2},device=\"nvidia{0}\",{3},{4},{5}{6}", facts.index,
                    label_text("UUID", facts.uuid), label_text("pci_bus_id", facts.pci),
                    label_text("modelName", facts.name), label_text("Hostname", options.node),
                    label_text("origin", sample::to_string(snapshot.origin.kind)),
                    holder_labels(options, i, "hpc_job")));
  }
  return all;
}

}  // namespace

bool gpu_util_stands_in(const sample::Sample& sample) {
  return !exported(sample, Id::graphics_util) && exported(sample, Id::gpu_util);
}

void write_dcgm(PrometheusWriter& out, const appraise::AppraisedSnapshot& snapshot,
                const PrometheusOptions& options) {
  const LabelTexts labels = labels_of(snapshot, options);
  for (const Row& row : kRows) {
    out.family(row.name, row.type, row.help);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const sample::Sample& sample = snapshot.devices[i].sample;
      auto value = exported(sample, row.id);
      if (row.id == Id::graphics_util && gpu_util_stands_in(sample))
        value = exported(sample, Id::gpu_util);
      if (value) out.sample(labels[i], "", *value * row.scale);
    }
  }
}

}  // namespace assay::wire

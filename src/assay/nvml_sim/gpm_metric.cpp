// SPDX-License-Identifier: Apache-2.0
#include "assay/nvml_sim/gpm_metric.hpp"

#include <array>

#include "assay/nvml_abi/device.hpp"

namespace assay::nvml_sim {
namespace {

constexpr std::uint32_t kFirstLink = 62;  // received, sent of link 0, then of link 1, ...
constexpr std::uint32_t kLastLink = 97;

using Table = std::array<GpmText, nvml_abi::kGpmMetricMax>;

#define PERCENT(id, brief, name) table[id] = {brief, name, "%"}
#define RATE(id, brief, name) table[id] = {brief, name "_PER_SEC", "MiB/s"}
#define EIGHT(each) each(0), each(1), each(2), each(3), each(4), each(5), each(6), each(7)
#define DECODER(n) PERCENT(30 + n, "nvdec" #n, "NVDEC_" #n "_UTIL")
#define JPEG(n) PERCENT(40 + n, "nvjpg" #n, "NVJPG_" #n "_UTIL")
#define ENCODER(n) PERCENT(166 + n, "nvenc" #n, "NVENC_" #n "_UTIL")
#define LINK(n)                                         \
  RATE(62 + 2 * n, "nvl" #n "rx", "NVLINK_L" #n "_RX"), \
      RATE(63 + 2 * n, "nvl" #n "tx", "NVLINK_L" #n "_TX")
#define C2C(n)                                                      \
  RATE(104 + 4 * n, "c2c" #n "ttx", "C2C_LINK" #n "_TOTAL_TX"),     \
      RATE(105 + 4 * n, "c2c" #n "trx", "C2C_LINK" #n "_TOTAL_RX"), \
      RATE(106 + 4 * n, "c2c" #n "dtx", "C2C_LINK" #n "_DATA_TX"),  \
      RATE(107 + 4 * n, "c2c" #n "drx", "C2C_LINK" #n "_DATA_RX")
#define SWITCH(n)                                                                                 \
  table[170 + 5 * n] = {"cs" #n "elp", "GR" #n "_CTXSW_CYCLES_ELAPSED", "#"},                     \
                  table[171 + 5 * n] = {"cs" #n "act", "GR" #n "_CTXSW_CYCLES_ACTIVE", "#"},      \
                  table[172 + 5 * n] = {"cs" #n "req", "GR" #n "_CTXSW_REQUESTS", "#"},           \
                  table[173 + 5 * n] = {"cs" #n "cperq", "GR" #n "_CTXSW_CYCLES_PER_REQ", "C/R"}, \
                  PERCENT(174 + 5 * n, "cs" #n "actpt", "GR" #n "_CTXSW_ACTIVE_PCT")

void name_sm(Table& table) {
  PERCENT(1, "gract", "GRAPHICS_UTIL");
  PERCENT(2, "smutil", "SM_UTIL");
  PERCENT(3, "smocc", "SM_OCCUPANCY");
  PERCENT(4, "intutil", "INTEGER_UTIL");
  PERCENT(5, "mmaact", "ANY_TENSOR_UTIL");
  PERCENT(6, "dfmat", "DFMA_TENSOR_UTIL");
  PERCENT(7, "hmmat", "HMMA_TENSOR_UTIL");
  PERCENT(9, "immat", "IMMA_TENSOR_UTIL");
  PERCENT(10, "dram", "DRAM_BW_UTIL");
  PERCENT(11, "fp64", "FP64_UTIL");
  PERCENT(12, "fp32", "FP32_UTIL");
  PERCENT(13, "fp16", "FP16_UTIL");
}

void name_links(Table& table) {
  RATE(20, "pcitx", "PCIE_TX");
  RATE(21, "pcirx", "PCIE_RX");
  RATE(60, "nvlrx", "NVLINK_TOTAL_RX");
  RATE(61, "nvltx", "NVLINK_TOTAL_TX");
  EIGHT(LINK);
  LINK(8), LINK(9), LINK(10), LINK(11), LINK(12), LINK(13), LINK(14), LINK(15), LINK(16), LINK(17);
  RATE(100, "c2cttx", "C2C_TOTAL_TX");
  RATE(101, "c2ctrx", "C2C_TOTAL_RX");
  RATE(102, "c2cdtx", "C2C_DATA_TX");
  RATE(103, "c2cdrx", "C2C_DATA_RX");
  EIGHT(C2C);
  C2C(8), C2C(9), C2C(10), C2C(11), C2C(12), C2C(13);
}

void name_engines(Table& table) {
  EIGHT(DECODER);
  EIGHT(JPEG);
  PERCENT(50, "nvofa0", "NVOFA_0_UTIL");
  PERCENT(51, "nvofa1", "NVOFA_1_UTIL");
  PERCENT(160, "hmhit", "HOSTMEM_CACHE_HIT");
  PERCENT(161, "hmmiss", "HOSTMEM_CACHE_MISS");
  PERCENT(162, "pmhit", "PEERMEM_CACHE_HIT");
  PERCENT(163, "pmmiss", "PEERMEM_CACHE_MISS");
  PERCENT(164, "dmhit", "DRAM_CACHE_HIT");
  PERCENT(165, "dmmiss", "DRAM_CACHE_MISS");
  ENCODER(0), ENCODER(1), ENCODER(2), ENCODER(3);
  EIGHT(SWITCH);
}
#undef PERCENT
#undef RATE
#undef EIGHT
#undef DECODER
#undef JPEG
#undef ENCODER
#undef LINK
#undef C2C
#undef SWITCH

Table make_table() {
  Table table{};
  for (GpmText& text : table) text.unit = "%";
  name_sm(table);
  name_links(table);
  name_engines(table);
  return table;
}

double mib(BytesPerSecond rate) { return rate / mib_per_second(1); }

}  // namespace

GpmText gpm_text(std::uint32_t id) {
  static const Table kTable = make_table();
  return id < kTable.size() ? kTable[id] : GpmText{};
}

double gpm_value(std::uint32_t id, const sim::Shares& shares, std::uint32_t links) {
  const auto pipe = [&](sim::Pipe which) { return shares.pipe[sim::index(which)].as_percent(); };
  if (id >= kFirstLink && id <= kLastLink) {
    const bool exists = (id - kFirstLink) / 2 < links;
    const BytesPerSecond all = id % 2 == 0 ? shares.nvlink_rx : shares.nvlink_tx;
    return exists ? mib(all) / links : 0.0;
  }
  switch (id) {
    case 1: return shares.compute.as_percent();
    case 2: return shares.sm_active.as_percent();
    case 3: return shares.occupancy.as_percent();
    case 4: return pipe(sim::Pipe::integer);
    case 5: return shares.tensor.as_percent();
    case 6: return pipe(sim::Pipe::dmma);
    case 7: return pipe(sim::Pipe::hmma);
    case 9: return pipe(sim::Pipe::imma);
    case 10: return shares.dram.as_percent();
    case 11: return pipe(sim::Pipe::fp64);
    case 12: return pipe(sim::Pipe::fp32);
    case 13: return pipe(sim::Pipe::fp16);
    case 20: return mib(shares.pcie_tx);
    case 21: return mib(shares.pcie_rx);
    case 60: return mib(shares.nvlink_rx);
    case 61: return mib(shares.nvlink_tx);
    default: return 0.0;
  }
}

}  // namespace assay::nvml_sim

// SPDX-License-Identifier: Apache-2.0
#include "truth/counter_rows.hpp"

#include <array>

namespace assay::test {
namespace {

using metric::Id;

double pipe(const Share& share, sim::Pipe which) { return share.pipe[sim::index(which)]; }

constexpr std::array kRatios{
    CounterRow{Id::graphics_util, [](const Share& s) { return s.compute; }},
    CounterRow{Id::sm_active, [](const Share& s) { return s.sm_active; }},
    CounterRow{Id::sm_occupancy, [](const Share& s) { return s.occupancy; }},
    CounterRow{Id::tensor_util, [](const Share& s) { return s.tensor; }},
    CounterRow{Id::tensor_hmma_util, [](const Share& s) { return pipe(s, sim::Pipe::hmma); }},
    CounterRow{Id::tensor_imma_util, [](const Share& s) { return pipe(s, sim::Pipe::imma); }},
    CounterRow{Id::fp64_util, [](const Share& s) { return pipe(s, sim::Pipe::fp64); }},
    CounterRow{Id::fp32_util, [](const Share& s) { return pipe(s, sim::Pipe::fp32); }},
    CounterRow{Id::fp16_util, [](const Share& s) { return pipe(s, sim::Pipe::fp16); }},
    CounterRow{Id::int_util, [](const Share& s) { return pipe(s, sim::Pipe::integer); }},
    CounterRow{Id::dram_util, [](const Share& s) { return s.dram; }},
};
constexpr std::array kRates{
    CounterRow{Id::pcie_tx, [](const Share& s) { return s.pcie_tx; }},
    CounterRow{Id::pcie_rx, [](const Share& s) { return s.pcie_rx; }},
    CounterRow{Id::nvlink_tx, [](const Share& s) { return s.nvlink_tx; }},
    CounterRow{Id::nvlink_rx, [](const Share& s) { return s.nvlink_rx; }},
};

}  // namespace

std::span<const CounterRow> ratio_rows() { return kRatios; }
std::span<const CounterRow> rate_rows() { return kRates; }

}  // namespace assay::test

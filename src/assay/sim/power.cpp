// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/power.hpp"

#include <algorithm>
#include <cmath>

namespace assay::sim {
namespace {

// Watts on the H100 80GB HBM3 at its highest clock, 1980 MHz. Each is a difference of two readings
// of the lab (instant power, W): idle 72 at 345 MHz, idle with a context 121.5, one warp on each SM
// 129.9, full ALU spin 295, fp32 FMA 302.5 (98.7 % of the pipe), fp64 FMA 359.5 (99.6 %), DRAM read
// 518.5 (92.5 %) and copy 469 (84.9 %), divergent lanes 202.5 (49.7 % of fp32), 300,000 tiny
// launches a second 133, h2d copy at 52.6 GB/s 131.7; bf16 products: 700, the limit, at 1.37 GHz.
struct Term {
  double rated = 700;  // limit of that board
  double leak = 67.4;  // with clock_tree: 72 at 345 MHz, 121.5 at 1980 MHz
  double clock_tree = 54.1;
  double front_end = 15;  // while a launch or context switch is being worked on
  double sm_active = 1;   // all SMs with a warp
  double tensor = 1096;   // all tensor cores at their peak, if power allowed it
  double fp64 = 238;
  double fp32 = 182;
  double integer = 172.5;
  double dram = 418;  // at peak bandwidth
};
constexpr Term kH100;

// Joules a byte. PCIe: the h2d copy less its DRAM writes. NVLink: taken to be the same.
constexpr double kLinkJoulesPerByte = 69e-12;

// Volta idles higher for its size: one thread on a V100 SXM2 of 300 W reads 67 W.
constexpr double kVoltaIdle = 66.6;
constexpr double kVoltaRated = 300;

constexpr double kVoltageFloor = 0.7;
constexpr double kFloorClock = 345.0 / 1980.0;

constexpr PipeArray pipe_watts() {
  PipeArray watts{};
  for (const Pipe pipe : {Pipe::hmma, Pipe::imma, Pipe::dmma}) watts[index(pipe)] = kH100.tensor;
  watts[index(Pipe::fp64)] = kH100.fp64;
  watts[index(Pipe::fp32)] = kH100.fp32;
  watts[index(Pipe::fp16)] = kH100.fp32;  // not measured
  watts[index(Pipe::integer)] = kH100.integer;
  return watts;
}

}  // namespace

PowerModel::PowerModel(const catalog::Chip& chip, Hertz max_clock)
    : max_ghz_(max_clock.value() * 1e-9) {
  const double rated = chip.tdp ? chip.tdp->value.value() : kH100.rated;
  scale_ = rated / kH100.rated;
  double idle = scale_;
  if (chip.compute_capability && chip.compute_capability->major == 7) {
    idle = rated / kVoltaRated * kVoltaIdle / (kH100.leak + kH100.clock_tree);
  }
  leak_ = kH100.leak * idle;
  clock_tree_ = kH100.clock_tree * idle;
}

double PowerModel::clock_factor(double clock_ghz) const {
  const double clock = clock_ghz / max_ghz_;
  const double above = std::clamp((clock - kFloorClock) / (1 - kFloorClock), 0.0, 1.0);
  const double voltage = kVoltageFloor + (1 - kVoltageFloor) * above;
  return clock * voltage * voltage;
}

double PowerModel::watts(const Activity& activity, double clock_ghz) const {
  static constexpr PipeArray kFull = pipe_watts();
  double switching = activity.launching ? kH100.front_end : 0.0;
  switching += kH100.sm_active * activity.sm_active;
  for (std::size_t i = 0; i < kPipeCount; ++i) switching += kFull[i] * activity.pipe[i];
  const double links = kLinkJoulesPerByte * (activity.pcie_bytes_s + activity.nvlink_bytes_s);
  return leak_ + clock_factor(clock_ghz) * (clock_tree_ + scale_ * switching) +
         scale_ * kH100.dram * activity.dram + links;
}

double ThermalModel::after(double from_c, double ambient_c, double watts, double seconds) const {
  const double end = settled(ambient_c, watts);
  return end + (from_c - end) * std::exp(-seconds / kTimeConstant);
}

double ThermalModel::until(double from_c, double to_c, double ambient_c, double watts) const {
  const double end = settled(ambient_c, watts);
  const double left = (from_c - end) / (to_c - end);
  if (!(left > 1) || !std::isfinite(left)) return -1;
  return kTimeConstant * std::log(left);
}

}  // namespace assay::sim

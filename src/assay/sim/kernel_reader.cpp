// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/kernel_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assay/sim/number.hpp"

namespace assay::sim {
namespace {

using catalog::Dtype;
using catalog::Engine;
using text::TomlNode;
using text::TomlTable;

// What a key of `total` and `per_block` means: work of a pipe, or bytes.
struct WorkKind {
  std::string_view key;
  double unit;
  std::optional<Pipe> pipe;
  std::optional<Dtype> matrix;           // tensor work of this dtype
  double KernelSpec::* bytes = nullptr;  // or bytes
};

constexpr double kGiga = 1e9;
constexpr double kMega = 1e6;
constexpr std::array<WorkKind, kWorkKinds> kWork{{
    {"tensor_fp64_gflop", kGiga, Pipe::dmma, Dtype::fp64},
    {"tensor_tf32_gflop", kGiga, Pipe::hmma, Dtype::tf32},
    {"tensor_bf16_gflop", kGiga, Pipe::hmma, Dtype::bf16},
    {"tensor_fp16_gflop", kGiga, Pipe::hmma, Dtype::fp16},
    {"tensor_fp8_gflop", kGiga, Pipe::hmma, Dtype::fp8},
    {"tensor_fp4_gflop", kGiga, Pipe::hmma, Dtype::fp4},
    {"tensor_int8_gop", kGiga, Pipe::imma, Dtype::int8},
    {"fp64_gflop", kGiga, Pipe::fp64, {}},
    {"fp32_gflop", kGiga, Pipe::fp32, {}},
    {"fp16_gflop", kGiga, Pipe::fp16, {}},
    {"int_gop", kGiga, Pipe::integer, {}},
    {"dram_read_mb", kMega, {}, {}, &KernelSpec::dram_read},
    {"dram_write_mb", kMega, {}, {}, &KernelSpec::dram_write},
    {"pcie_tx_mb", kMega, {}, {}, &KernelSpec::pcie_tx},
    {"pcie_rx_mb", kMega, {}, {}, &KernelSpec::pcie_rx},
    {"nvlink_tx_mb", kMega, {}, {}, &KernelSpec::nvlink_tx},
    {"nvlink_rx_mb", kMega, {}, {}, &KernelSpec::nvlink_rx},
}};

// Results a cycle of an SM (CUDA C++ Programming Guide, arithmetic throughput): 64 integer adds
// from Volta to Blackwell; fp16 at twice the rate of fp32.
constexpr double kIntegerLanes = 64;

// A block's least life: one of 1,024 threads that adds a number each lives 740 cycles (`assay
// lab`, tiny kernels on an H100).
constexpr double kLeastBlockCycles = 740;

// What `assay lab` reaches on an H100 where a kernel says nothing else: dram-read, fp32-fma.
constexpr double kDramReached = 0.925;
constexpr double kPipeReached = 0.99;

std::array<double, kWorkKinds> read_work(TomlTable& kernel, std::string_view key,
                                         text::Problems& problems) {
  std::array<double, kWorkKinds> out{};
  const TomlNode* node = kernel.get(key);
  if (node == nullptr) return out;
  if (node->kind != TomlNode::Kind::table) {
    kernel.problem(*node, fmt::format("{} is {}: write {{ dram_read_mb = 8 }} or the like",
                                      kernel.place(key), describe(node->kind)));
    return out;
  }
  TomlTable table(*node, fmt::format("{} of [[kernel]]", key), problems);
  for (std::size_t i = 0; i < kWorkKinds; ++i) {
    out[i] = number(table, kWork[i].key, {0, 1e12}).value_or(0) * kWork[i].unit;
  }
  table.finish();
  return out;
}

PipeArray read_pipes(TomlTable& kernel, std::string_view key, double absent,
                     text::Problems& problems) {
  PipeArray out{};
  out.fill(absent);
  const TomlNode* node = kernel.get(key);
  if (node == nullptr) return out;
  if (node->kind != TomlNode::Kind::table) {
    kernel.problem(*node, fmt::format("{} is {}: write {{ fp32 = 0.5 }} or the like",
                                      kernel.place(key), describe(node->kind)));
    return out;
  }
  TomlTable table(*node, fmt::format("{} of [[kernel]]", key), problems);
  for (const Pipe pipe : kPipes) {
    out[index(pipe)] = number(table, to_string(pipe), {0, 1}).value_or(absent);
  }
  table.finish();
  return out;
}

void read_time(TomlTable& table, KernelText& out) {
  out.endless = flag(table, "endless");
  out.duration_ns = microseconds(table, "duration_us").value_or(0);
  out.block_ns = microseconds(table, "block_us").value_or(0);
  const auto positive = [](double work) { return work > 0; };
  const bool works =
      std::ranges::any_of(out.total, positive) || std::ranges::any_of(out.per_block, positive);
  if (out.endless && (works || out.duration_ns > 0 || out.block_ns > 0)) {
    table.problem_here(
        "an endless kernel has no duration and no total work: give it a rate, or leave out "
        "endless");
  }
}

KernelText read_kernel(const TomlNode& node, text::Problems& problems) {
  TomlTable table(node, "[[kernel]]", problems);
  KernelText out{.line = node.line};
  out.name = table.need_text("name");
  const bool counted = table.get("grid") != nullptr;
  out.grid = whole(table, "grid", {1, 1e12});
  const bool by_sm = table.get("grid_per_sm") != nullptr;
  if (const auto per_sm = number(table, "grid_per_sm", {1e-6, 1e9})) out.grid_per_sm = *per_sm;
  if (counted == by_sm) {
    table.problem_here("a kernel needs either grid or grid_per_sm: write one of them");
  }
  out.shape.threads = static_cast<int>(whole(table, "block", {1, 1e6}).value_or(256));
  out.shape.registers = static_cast<int>(whole(table, "registers", {0, 1e6}).value_or(32));
  out.shape.shared_memory =
      static_cast<std::int64_t>(number(table, "shared_kib", {0, 1e5}).value_or(0) * 1024);
  out.total = read_work(table, "total", problems);
  out.per_block = read_work(table, "per_block", problems);
  read_time(table, out);
  out.warp_rate = read_pipes(table, "rate", 0, problems);
  out.rate_limit = read_pipes(table, "limit", 1, problems);
  out.pipe_efficiency = number(table, "pipe_efficiency", {0.001, 1}).value_or(kPipeReached);
  out.dram_efficiency = number(table, "dram_efficiency", {0.001, 1}).value_or(kDramReached);
  out.lanes = number(table, "lanes", {1, 32}).value_or(32);
  table.finish();
  return out;
}

// Operations of this kind that one SM does in a cycle; nothing where the chip has no such pipe.
std::optional<double> ops_per_cycle(const WorkKind& kind, const DevicePlan& plan) {
  if (kind.matrix) {
    const catalog::Peak* peak = plan.chip.peak(*kind.matrix, Engine::matrix);
    if (peak == nullptr) return std::nullopt;
    if (peak->ops_per_clk_per_unit) return peak->ops_per_clk_per_unit;
    const Hertz clock = peak->clock.value_or(plan.max_clock);
    return peak->rate.value.value() / clock.value() / plan.chip.sm_count().value_or(1);
  }
  if (kind.pipe == Pipe::fp32) return 2.0 * plan.limits.fp32_lanes;
  if (kind.pipe == Pipe::fp16) return 4.0 * plan.limits.fp32_lanes;
  if (kind.pipe == Pipe::integer) return kIntegerLanes;
  if (!plan.limits.fp64_lanes) return std::nullopt;
  return 2.0 * *plan.limits.fp64_lanes;
}

void resolve_work(const KernelText& text, const DevicePlan& plan, text::Problems& problems,
                  KernelSpec& out) {
  for (std::size_t i = 0; i < kWorkKinds; ++i) {
    const double work = text.total[i] / static_cast<double>(out.grid) + text.per_block[i];
    if (work <= 0) continue;
    const WorkKind& kind = kWork[i];
    if (kind.bytes != nullptr) {
      out.*kind.bytes += work;
      continue;
    }
    const auto rate = ops_per_cycle(kind, plan);
    if (rate) {
      out.pipe_cycles[index(*kind.pipe)] += work / *rate;
    } else {
      problems.add(text.line, fmt::format("kernel \"{}\" asks for {}, and the catalog knows no "
                                          "such rate of {}: use another kind of work or chip",
                                          text.name, kind.key, plan.chip.id));
    }
  }
  const bool pcie = out.pcie_tx + out.pcie_rx > 0;
  const bool nvlink = out.nvlink_tx + out.nvlink_rx > 0;
  if ((pcie && plan.chip.link(catalog::LinkRole::host) == nullptr) ||
      (nvlink && plan.chip.link(catalog::LinkRole::scale_up) == nullptr)) {
    problems.add(text.line,
                 fmt::format("kernel \"{}\" moves {} bytes, and the catalog knows no such link of "
                             "{}: leave them out",
                             text.name, pcie ? "PCIe" : "NVLink", plan.chip.id));
  }
}

std::string_view too_much(OccupancyLimit limit) {
  switch (limit) {
    case OccupancyLimit::warps: return "threads";
    case OccupancyLimit::blocks: return "blocks";
    case OccupancyLimit::registers: return "registers";
    case OccupancyLimit::shared_memory: return "shared memory";
  }
  return "";
}

}  // namespace

std::vector<KernelText> read_kernels(TomlTable& top, text::Problems& problems) {
  std::vector<KernelText> out;
  for (const TomlNode* node : top.tables("kernel")) {
    KernelText kernel = read_kernel(*node, problems);
    if (std::ranges::find(out, kernel.name, &KernelText::name) != out.end()) {
      problems.add(kernel.line,
                   fmt::format("kernel \"{}\" is there twice: rename one", kernel.name));
    }
    out.push_back(std::move(kernel));
  }
  return out;
}

KernelSpec resolve(const KernelText& text, const DevicePlan& plan, text::Problems& problems) {
  KernelSpec out{.name = text.name, .shape = text.shape};
  const int sms = plan.chip.sm_count().value_or(1);
  out.grid = text.grid.value_or(
      std::max<std::int64_t>(1, std::llround(std::min(text.grid_per_sm * sms, 1e12))));
  out.occupancy = occupancy(text.shape, plan.limits);
  if (out.occupancy.blocks_per_sm == 0) {
    problems.add(
        text.line,
        fmt::format(
            "kernel \"{}\" fits no SM of {}: a block of {} threads, {} registers a "
            "thread and {} bytes of shared memory needs more {} than it has: make it smaller",
            text.name, plan.chip.id, text.shape.threads, text.shape.registers,
            text.shape.shared_memory, too_much(out.occupancy.limit)));
    return out;
  }
  out.footprint = footprint(text.shape, plan.limits);
  out.endless = text.endless;
  const std::int64_t a_wave = std::int64_t{out.occupancy.blocks_per_sm} * sms;
  const std::int64_t waves = (out.grid + a_wave - 1) / a_wave;
  out.block_ns = std::max(text.block_ns, text.duration_ns / waves);
  out.block_cycles = kLeastBlockCycles;
  out.warp_rate = text.warp_rate;
  out.rate_limit = text.rate_limit;
  out.pipe_efficiency = text.pipe_efficiency;
  out.dram_efficiency = text.dram_efficiency;
  out.lanes = text.lanes;
  resolve_work(text, plan, problems, out);
  const auto any = [](const PipeArray& pipes) {
    return std::ranges::any_of(pipes, [](double share) { return share > 0; });
  };
  out.on_pipes = any(out.pipe_cycles);
  out.has_rate = any(out.warp_rate);
  return out;
}

}  // namespace assay::sim

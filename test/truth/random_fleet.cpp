// SPDX-License-Identifier: Apache-2.0
#include "truth/random_fleet.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "assay/catalog/chip.hpp"
#include "assay/catalog/sm_limits.hpp"

namespace assay::test {
namespace {

// Chips that the simulator takes: those whose figures it needs are known.
std::vector<const catalog::Chip*> simulable(const catalog::Catalog& chips) {
  std::vector<const catalog::Chip*> out;
  for (const catalog::Chip& chip : chips.all()) {
    const auto& cc = chip.compute_capability;
    const catalog::MemoryTier* memory = chip.device_memory();
    if (cc && catalog::sm_limits(cc->major, cc->minor) && chip.sm_count() && chip.tdp &&
        chip.max_clock && memory != nullptr && memory->bandwidth && memory->available())
      out.push_back(&chip);
  }
  return out;
}

// Work of the tensor cores. A device has one kind: the model gives each kind cycles of its own, and
// together they would be more than there are.
struct Matrix {
  const char* key;
  catalog::Dtype dtype;
  int most;
};
constexpr std::array<Matrix, 4> kMatrix{{{"tensor_fp16_gflop", catalog::Dtype::fp16, 2000},
                                         {"tensor_fp16_gflop", catalog::Dtype::fp16, 2000},
                                         {"tensor_int8_gop", catalog::Dtype::int8, 2000},
                                         {"tensor_fp64_gflop", catalog::Dtype::fp64, 100}}};

bool has(const catalog::Chip& chip, catalog::LinkRole role) { return chip.link(role) != nullptr; }

}  // namespace

std::string RandomFleet::text() {
  std::string devices;
  const int count = 1 + below(10) / 6 + below(10) / 8;
  for (int i = 0; i < count; ++i) devices += device(i);
  return "description = \"random\"\nseed = 1\n" + kernels_ + devices;
}

std::string RandomFleet::device(int index) {
  const auto choice = simulable(chips_);
  matrix_ = below(static_cast<int>(kMatrix.size()));
  // Counters are what is at stake, so most chips have them.
  const catalog::Chip* chip = nullptr;
  const bool old = chance(15);
  for (int tries = 0; tries < 100; ++tries) {
    chip = choice[static_cast<std::size_t>(below(static_cast<int>(choice.size())))];
    if ((chip->compute_capability->major < 9) == old) break;
  }
  std::string out = fmt::format("[[device]]\nchip = \"{}\"\n", chip->id);
  if (chance(15))
    out += fmt::format("power_limit_w = {}\n", chip->tdp->value.value() * (50 + below(50)) / 100);
  const int processes = chance(8) ? 0 : 1 + below(10) / 7 + below(10) / 8;
  for (int i = 0; i < processes; ++i) out += process(index, i, *chip);
  return out + events();
}

std::string RandomFleet::work(const catalog::Chip& chip) {
  std::string out;
  const auto add = [&](const std::string& key, int most) {
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", key, 1 + below(most));
  };
  if (chance(60)) add("dram_read_mb", 3000);
  if (chance(30)) add("dram_write_mb", 2000);
  if (chance(40)) add("fp32_gflop", 100);
  if (chance(20)) add("int_gop", 30);
  if (chance(15)) add("fp16_gflop", 60);
  if (chip.peak(catalog::Dtype::fp64, catalog::Engine::vector) != nullptr && chance(15))
    add("fp64_gflop", 20);
  const Matrix& matrix = kMatrix[static_cast<std::size_t>(matrix_)];
  if (chip.peak(matrix.dtype, catalog::Engine::matrix) != nullptr && chance(40))
    add(matrix.key, matrix.most);
  if (has(chip, catalog::LinkRole::host) && chance(15)) add("pcie_rx_mb", 100);
  if (has(chip, catalog::LinkRole::scale_up) && chance(15)) {
    add("nvlink_tx_mb", 300);
    add("nvlink_rx_mb", 300);
  }
  return out;
}

std::string RandomFleet::kernel(const std::string& name, const catalog::Chip& chip) {
  constexpr std::array kThreads = {1, 32, 96, 128, 256, 512, 768, 1024};
  const int threads = kThreads[static_cast<std::size_t>(below(8))];
  std::string out = fmt::format("[[kernel]]\nname = \"{}\"\nblock = {}\n", name, threads);
  if (chance(30)) out += fmt::format("grid_per_sm = {}\n", 0.25 * (1 + below(24)));
  else out += fmt::format("grid = {}\n", 1 + below(chance(50) ? 300 : 4000));
  if (chance(30)) out += fmt::format("shared_kib = {}\n", below(40));
  if (chance(20)) out += fmt::format("lanes = {}\n", 1 + below(32));
  const int kind = below(100);
  if (kind < 25) {  // a spin or an FMA loop without end
    const char* pipe = chance(50) ? "int" : "fp32";
    return out + fmt::format("endless = true\nrate = {{ {} = 0.0{} }}\nlimit = {{ {} = 0.9{} }}\n",
                             pipe, 1 + below(9), pipe, below(9));
  }
  if (kind < 55) return out + fmt::format("block_us = {}\n", 500 + below(40000));
  if (chance(30)) out += fmt::format("rate = {{ int = 0.0{} }}\n", 1 + below(9));
  const std::string total = work(chip);
  return out + fmt::format("block_us = {}\ntotal = {{ {} }}\n", 200 + below(2000), total);
}

std::string RandomFleet::stream(const std::string& prefix, const catalog::Chip& chip, bool ends) {
  std::string out = fmt::format("[[device.process.stream]]\nname = \"{}\"\n", prefix);
  if (chance(15)) out += fmt::format("repeat = {}\n", 1 + below(30));
  if (chance(15)) out += "jitter = 0.4\n";
  if (!ends && chance(20)) out += fmt::format("stop_s = {}.{}\n", 1 + below(2), 1 + below(9));
  out += "op = [\n";
  const int ops = 1 + below(3);
  for (int i = 0; i < ops; ++i) {
    std::string what;
    if (has(chip, catalog::LinkRole::host) && chance(25)) {
      what = fmt::format("copy = \"{}\", mb = {}", chance(50) ? "h2d" : "d2h", 20 + below(1000));
    } else {
      const std::string name = fmt::format("k{}", next_kernel_++);
      kernels_ += kernel(name, chip);
      what = fmt::format("kernel = \"{}\"", name);
    }
    out += fmt::format("  {{ {}, gap_us = {}, times = {} }},\n", what,
                       chance(60) ? 100 + below(30000) : 0, 1 + below(3));
  }
  return out + "]\n";
}

std::string RandomFleet::process(int device, int index, const catalog::Chip& chip) {
  const double most = chip.device_memory()->available()->value() / 1048576.0;
  std::string out =
      fmt::format("[[device.process]]\nname = \"p{}\"\npid = {}\nmemory_mib = {}\n", index,
                  4'000'000 + device * 10 + index, below(static_cast<int>(most / 5)));
  if (chance(20)) out += fmt::format("start_s = 0.{}\n", 1 + below(9));
  const bool ends = chance(15);
  if (ends) out += fmt::format("stop_s = {}.{}\n", 1 + below(2), 1 + below(9));
  const int streams = chance(15) ? 0 : 1 + below(10) / 7;
  for (int i = 0; i < streams; ++i) out += stream(fmt::format("s{}", i), chip, ends);
  return out;
}

std::string RandomFleet::events() {
  const auto event = [](double at, const std::string& what) {
    return fmt::format("[[device.event]]\nat_s = {:.3f}\nkind = {}\n", at, what);
  };
  const double at = 0.5 + below(1800) * 1e-3;
  const double later = at + 0.02 + below(700) * 1e-3;
  switch (below(12)) {
    case 0: return event(at, "\"lost\"") + event(later, "\"back\"");
    case 1: return event(at, fmt::format("\"driver-reload\"\nfor_s = {:.3f}", later - at));
    case 2: return event(at, fmt::format("\"power-cap\"\nwatts = {}", 40 + below(400)));
    case 3:
      return event(
          at, fmt::format("\"clock-cap\"\nmhz = {}\nreason = \"hw-thermal\"", 500 + below(1000)));
    case 4: return event(at, fmt::format("\"xid\"\nxid = {}", 1 + below(100)));
    case 5: return event(at, fmt::format("\"ambient\"\ncelsius = {}", 20 + below(60)));
    case 6: return event(at, fmt::format("\"ecc\"\ncorrected = {}", 1 + below(100)));
    default: return "";
  }
}

}  // namespace assay::test

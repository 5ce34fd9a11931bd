// SPDX-License-Identifier: Apache-2.0
// Our occupancy against the driver's own, cuOccupancyMaxActiveBlocksPerMultiprocessor (what
// cudaOccupancyMaxActiveBlocksPerMultiprocessor asks), for 10,000 random launches of real kernels:
// 54 of different registers and static shared memory, any block size, any dynamic shared memory.
#include <dlfcn.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "assay/catalog/sm_limits.hpp"
#include "assay/lab/driver.hpp"
#include "assay/sim/occupancy.hpp"

namespace assay {
namespace {

using lab::abi::Kernel;
using lab::abi::Status;

constexpr int kConfigurations = 10'000;

// cuda.h: CUfunction_attribute.
enum FunctionAttribute : int {
  kMaxThreadsPerBlock = 0,
  kStaticShared = 1,
  kRegisters = 4,
  kMaxDynamicShared = 8,
};

// Holds `live` values from before a barrier until after it, so that the compiler needs as many
// registers, and at most `most`; touches `shared` bytes of static shared memory.
std::string ptx(int live, int most, int shared) {
  std::string body;
  for (int i = 0; i < live; ++i)
    body += fmt::format("  ld.volatile.global.u32 %r{}, [%rd1+{}];\n", i, i * 4);
  body += "  bar.sync 0;\n";
  for (int i = 0; i < live; ++i)
    body += fmt::format("  st.volatile.global.u32 [%rd1+{}], %r{};\n", i * 4, i);
  const std::string declared =
      shared > 0 ? fmt::format("  .shared .align 4 .b8 room[{}];\n", shared) : std::string();
  const std::string touched = shared > 0 ? "  st.volatile.shared.u32 [room], %r0;\n" : "";
  return fmt::format(
      ".version 7.0\n.target sm_60\n.address_size 64\n"
      ".visible .entry k(.param .u64 p) .maxnreg {}\n{{\n  .reg .b32 %r<{}>;\n"
      "  .reg .b64 %rd<2>;\n{}  ld.param.u64 %rd1, [p];\n  cvta.to.global.u64 %rd1, %rd1;\n"
      "{}{}  ret;\n}}\n",
      most, live + 1, declared, body, touched);
}

struct Loaded {
  Kernel kernel = nullptr;
  int registers = 0;
  int static_shared = 0;
  int max_threads = 0;
};

class OccupancyOnDevice : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = lab::Driver::load();
    if (!loaded) GTEST_SKIP() << "no accelerator here: " << loaded.error().message;
    driver_ = *loaded;
    void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    ASSERT_NE(library, nullptr);
    blocks_ = reinterpret_cast<decltype(blocks_)>(
        dlsym(library, "cuOccupancyMaxActiveBlocksPerMultiprocessor"));
    get_ = reinterpret_cast<decltype(get_)>(dlsym(library, "cuFuncGetAttribute"));
    set_ = reinterpret_cast<decltype(set_)>(dlsym(library, "cuFuncSetAttribute"));
    ASSERT_TRUE(blocks_ != nullptr && get_ != nullptr && set_ != nullptr);
    lab::abi::Context context = nullptr;
    ASSERT_EQ(driver_->call().device_get(&device_, 0), lab::abi::kSuccess);
    ASSERT_EQ(driver_->call().context_retain(&context, device_), lab::abi::kSuccess);
    ASSERT_EQ(driver_->call().context_set(context), lab::abi::kSuccess);
    retained_ = true;
  }

  void TearDown() override {
    if (retained_) driver_->call().context_release(device_);
  }

  [[nodiscard]] int attribute(lab::abi::Attribute which) const {
    int value = 0;
    EXPECT_EQ(driver_->call().device_attribute(&value, which, device_), lab::abi::kSuccess);
    return value;
  }

  [[nodiscard]] Loaded load(int live, int most, int shared) const {
    lab::abi::Module module = nullptr;
    Loaded out;
    const std::string text = ptx(live, most, shared);
    EXPECT_EQ(driver_->call().module_load(&module, text.c_str(), 0, nullptr, nullptr),
              lab::abi::kSuccess)
        << text;
    EXPECT_EQ(driver_->call().module_kernel(&out.kernel, module, "k"), lab::abi::kSuccess);
    get_(&out.registers, kRegisters, out.kernel);
    get_(&out.static_shared, kStaticShared, out.kernel);
    get_(&out.max_threads, kMaxThreadsPerBlock, out.kernel);
    return out;
  }

  std::shared_ptr<const lab::Driver> driver_;
  lab::abi::Device device_ = 0;
  bool retained_ = false;
  Status (*blocks_)(int*, Kernel, int, std::size_t) = nullptr;
  Status (*get_)(int*, int, Kernel) = nullptr;
  Status (*set_)(Kernel, int, int) = nullptr;
};

TEST_F(OccupancyOnDevice, TenThousandRandomLaunchesAgree) {
  const auto limits = catalog::sm_limits(attribute(lab::abi::kComputeCapabilityMajor),
                                         attribute(lab::abi::kComputeCapabilityMinor));
  ASSERT_TRUE(limits) << "the table of limits lacks this device's compute capability";
  std::vector<Loaded> kernels;
  for (const int shared : {0, 1'000, 16'384})
    for (int live = 8; live <= 248; live += 14)
      kernels.push_back(load(live, std::min(255, live + 12), shared));

  std::mt19937 random(20261129);
  const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  int differ = 0;
  std::map<int, int> blocks_seen;
  std::map<int, int> registers_seen;
  for (int i = 0; i < kConfigurations; ++i) {
    const Loaded& kernel =
        kernels[static_cast<std::size_t>(up_to(static_cast<int>(kernels.size()) - 1))];
    const int threads = 1 + up_to(kernel.max_threads - 1);
    const int room = limits->shared_memory_per_block - kernel.static_shared;
    const int dynamic = up_to(2) == 0 ? 0 : up_to(up_to(1) == 0 ? room : room / 8);
    ASSERT_EQ(set_(kernel.kernel, kMaxDynamicShared, room), lab::abi::kSuccess);
    int theirs = -1;
    ASSERT_EQ(blocks_(&theirs, kernel.kernel, threads, static_cast<std::size_t>(dynamic)),
              lab::abi::kSuccess);
    const sim::Occupancy ours =
        sim::occupancy({.threads = threads,
                        .registers = kernel.registers,
                        .shared_memory = std::int64_t{kernel.static_shared} + dynamic},
                       *limits);
    ++blocks_seen[theirs];
    ++registers_seen[kernel.registers];
    if (ours.blocks_per_sm == theirs) continue;
    if (++differ <= 20)
      ADD_FAILURE() << fmt::format(
          "{} threads, {} registers, {} + {} bytes shared: {} here, {} there", threads,
          kernel.registers, kernel.static_shared, dynamic, ours.blocks_per_sm, theirs);
  }
  EXPECT_EQ(differ, 0);
  EXPECT_GE(blocks_seen.size(), 10U) << "too few different answers to prove anything";
  EXPECT_GE(registers_seen.size(), 12U);
  std::string spread;
  for (const auto& [blocks, times] : blocks_seen) spread += fmt::format(" {}:{}", blocks, times);
  fmt::print(
      "compute capability {}.{}: {} configurations, {} differ; {} kernels of {} to {} registers; "
      "blocks an SM:times{}\n",
      limits->major, limits->minor, kConfigurations, differ, kernels.size(),
      registers_seen.begin()->first, registers_seen.rbegin()->first, spread);
}

}  // namespace
}  // namespace assay

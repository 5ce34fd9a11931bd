// SPDX-License-Identifier: Apache-2.0
// What a program gets from NVML over simulated devices, good calls and bad ones.
#include "assay/nvml_sim/nvml.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "assay/nvml_sim/fixture_for_tests.hpp"

namespace assay::nvml_sim {
namespace {

Rig h100() { return Rig::started({busy_h100()}); }

std::string text_of(Return (Nvml::*method)(Device, char*, u32), const Rig& rig) {
  std::array<char, 96> text{};
  EXPECT_EQ((rig.nvml.get()->*method)(rig.device(), text.data(), text.size()), Return::success);
  return text.data();
}

TEST(NvmlSim, NothingAnswersBeforeInitAndAfterTheLastShutdown) {
  Rig rig({busy_h100()});
  u32 count = 0;
  Device device = nullptr;
  EXPECT_EQ(rig.nvml->device_count(&count), Return::uninitialized);
  EXPECT_EQ(rig.nvml->device_by_index(0, &device), Return::uninitialized);
  EXPECT_EQ(rig.nvml->power(nullptr, nullptr), Return::uninitialized);
  EXPECT_EQ(rig.nvml->shutdown(), Return::uninitialized);
  EXPECT_EQ(rig.nvml->init(), Return::success);
  EXPECT_EQ(rig.nvml->init(), Return::success);
  EXPECT_EQ(rig.nvml->shutdown(), Return::success);
  EXPECT_EQ(rig.nvml->device_count(&count), Return::success);
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(rig.nvml->shutdown(), Return::success);
  EXPECT_EQ(rig.nvml->device_count(&count), Return::uninitialized);
}

TEST(NvmlSim, SaysWhatTheDeviceIsAndThatItIsSimulated) {
  const Rig rig = h100();
  EXPECT_EQ(text_of(&Nvml::name, rig), "NVIDIA H100 80GB HBM3");
  EXPECT_EQ(text_of(&Nvml::uuid, rig), "GPU-00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(text_of(&Nvml::vbios_version, rig), "simulated");
  std::array<char, 80> driver{};
  EXPECT_EQ(rig.nvml->driver_version(driver.data(), driver.size()), Return::success);
  EXPECT_TRUE(std::string(driver.data()).ends_with("-sim"));
  i32 major = 0;
  i32 minor = 0;
  u32 cores = 0;
  u32 generation = 0;
  EXPECT_EQ(rig.nvml->compute_capability(rig.device(), &major, &minor), Return::success);
  EXPECT_EQ(rig.nvml->core_count(rig.device(), &cores), Return::success);
  EXPECT_EQ(rig.nvml->pcie_generation(rig.device(), &generation), Return::success);
  EXPECT_EQ(major, 9);
  EXPECT_EQ(cores, 16896U);
  EXPECT_EQ(generation, 5U);
}

TEST(NvmlSim, FindsADeviceByEachOfItsNames) {
  const Rig rig = Rig::started({busy_h100(), plan_of("v100-sxm2-32gb")});
  const Device second = rig.device(1);
  std::array<char, 96> text{};
  Device found = nullptr;
  ASSERT_EQ(rig.nvml->uuid(second, text.data(), text.size()), Return::success);
  EXPECT_EQ(rig.nvml->device_by_uuid(text.data(), &found), Return::success);
  EXPECT_EQ(found, second);
  ASSERT_EQ(rig.nvml->serial(second, text.data(), text.size()), Return::success);
  EXPECT_EQ(rig.nvml->device_by_serial(text.data(), &found), Return::success);
  EXPECT_EQ(found, second);
  abi::PciInfo pci{};
  ASSERT_EQ(rig.nvml->pci_info(second, &pci), Return::success);
  EXPECT_EQ(rig.nvml->device_by_pci(pci.bus_id, &found), Return::success);
  EXPECT_EQ(found, second);
  EXPECT_EQ(rig.nvml->device_by_pci(pci.bus_id_legacy, &found), Return::success);
  EXPECT_EQ(found, second);
  EXPECT_EQ(rig.nvml->device_by_pci("0000:77:00.0", &found), Return::not_found);
  EXPECT_EQ(rig.nvml->device_by_pci("zz", &found), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->device_by_pci("1:2:3:4", &found), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->device_by_uuid("GPU-nope", &found), Return::not_found);
  EXPECT_EQ(rig.nvml->device_by_index(2, &found), Return::invalid_argument);
}

TEST(NvmlSim, RefusesHandlesOfNothingAndNullPointers) {
  const Rig rig = h100();
  const Device device = rig.device();
  u32 value = 7;
  for (const std::uintptr_t wrong :
       {std::uintptr_t{0}, std::uintptr_t{1}, reinterpret_cast<std::uintptr_t>(device) + 1,
        reinterpret_cast<std::uintptr_t>(device) + 0x100, ~std::uintptr_t{0}})
    EXPECT_EQ(rig.nvml->power(reinterpret_cast<Device>(wrong), &value), Return::invalid_argument);
  EXPECT_EQ(value, 7U);
  EXPECT_EQ(rig.nvml->power(device, nullptr), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->name(device, nullptr, 96), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->compute_capability(device, nullptr, nullptr), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->gpm_metrics_get(nullptr), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->unsupported_of_device(nullptr), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->unsupported_of_device(device), Return::not_supported);
}

TEST(NvmlSim, ATextThatDoesNotFitIsNotWritten) {
  const Rig rig = h100();
  const std::string name = "NVIDIA H100 80GB HBM3";
  std::string buffer(40, '#');
  const auto ask = [&](std::size_t size) {
    return rig.nvml->name(rig.device(), buffer.data(), static_cast<u32>(size));
  };
  EXPECT_EQ(ask(0), Return::insufficient_size);
  EXPECT_EQ(ask(name.size()), Return::insufficient_size);
  EXPECT_EQ(buffer, std::string(40, '#'));
  EXPECT_EQ(ask(name.size() + 1), Return::success);
  EXPECT_STREQ(buffer.c_str(), name.c_str());
  EXPECT_EQ(buffer.substr(name.size() + 1), std::string(40 - name.size() - 1, '#'));
}

TEST(NvmlSim, BothMemoryCallsSayTheSameInTheirOwnWay) {
  const Rig rig = h100();
  rig.time->set(milliseconds_ns(10));
  abi::MemoryV1 one{};
  abi::MemoryV2 two{.version = abi::kMemoryV2};
  ASSERT_EQ(rig.nvml->memory_v1(rig.device(), &one), Return::success);
  ASSERT_EQ(rig.nvml->memory_v2(rig.device(), &two), Return::success);
  EXPECT_EQ(one.total, u64{81559} << 20U);
  EXPECT_EQ(two.total, one.total);
  EXPECT_EQ(one.used, two.used + two.reserved);
  EXPECT_EQ(one.free + one.used, one.total);
  EXPECT_EQ(two.free, one.free);
  EXPECT_GE(two.used, u64{1000} << 20U);
  two.version = 5;
  EXPECT_EQ(rig.nvml->memory_v2(rig.device(), &two), Return::function_not_found);
}

TEST(NvmlSim, OldChipsLackWhatTheyLacked) {
  const Rig rig = Rig::started({plan_of("p100-sxm2-16gb"), plan_of("v100-sxm2-32gb")});
  u64 energy = 0;
  EXPECT_EQ(rig.nvml->energy(rig.device(0), &energy), Return::not_supported);
  EXPECT_EQ(rig.nvml->energy(rig.device(1), &energy), Return::success);
  abi::GpmSupport support{abi::kGpmSupportVersion, 9};
  EXPECT_EQ(rig.nvml->gpm_support(rig.device(1), &support), Return::success);
  EXPECT_EQ(support.supported, 1U);  // the one thing they have that the real ones had not
  abi::GpmSampleHandle sample = nullptr;
  ASSERT_EQ(rig.nvml->gpm_sample_alloc(&sample), Return::success);
  EXPECT_EQ(rig.nvml->gpm_sample_get(rig.device(1), sample), Return::success);
  u32 pages = 9;
  EXPECT_EQ(rig.nvml->retired_pages(rig.device(1), 0, &pages, nullptr), Return::success);
  EXPECT_EQ(pages, 0U);
  EXPECT_EQ(rig.nvml->remapped_rows(rig.device(1), &pages, &pages, &pages, &pages),
            Return::not_supported);
}

TEST(NvmlSim, ALostDeviceIsLostToEveryCallUntilItIsBack) {
  sim::DevicePlan plan = busy_h100();
  plan.events.push_back({.at_ns = milliseconds_ns(1000), .kind = sim::EventKind::lost});
  plan.events.push_back({.at_ns = milliseconds_ns(2000), .kind = sim::EventKind::back});
  const Rig rig = Rig::started({std::move(plan), busy_h100()});
  const Device device = rig.device();
  const Device other = rig.device(1);
  u32 value = 0;
  u32 count = 0;
  std::array<char, 96> text{};
  Device again = nullptr;
  rig.time->set(milliseconds_ns(1500));
  EXPECT_EQ(rig.nvml->power(device, &value), Return::gpu_is_lost);
  EXPECT_EQ(rig.nvml->name(device, text.data(), text.size()), Return::gpu_is_lost);
  EXPECT_EQ(rig.nvml->device_by_index(0, &again), Return::gpu_is_lost);
  EXPECT_EQ(rig.nvml->unsupported_of_device(device), Return::gpu_is_lost);
  EXPECT_EQ(rig.nvml->device_count(&count), Return::success);
  EXPECT_EQ(count, 2U);
  EXPECT_EQ(rig.nvml->power(other, &value), Return::success);
  rig.time->set(milliseconds_ns(2001));
  EXPECT_EQ(rig.nvml->power(device, &value), Return::success);
}

TEST(NvmlSim, InitFailsWhileTheDriverIsGone) {
  sim::DevicePlan plan = busy_h100();
  plan.events.push_back({.at_ns = milliseconds_ns(100), .kind = sim::EventKind::driver_unload});
  plan.events.push_back({.at_ns = milliseconds_ns(200), .kind = sim::EventKind::driver_load});
  Rig rig({std::move(plan)});
  rig.time->set(milliseconds_ns(150));
  EXPECT_EQ(rig.nvml->init(), Return::driver_not_loaded);
  rig.time->set(milliseconds_ns(201));
  EXPECT_EQ(rig.nvml->init(), Return::success);
}

TEST(NvmlSim, FieldsAnswerOneByOne) {
  const Rig rig = h100();
  rig.time->set(milliseconds_ns(1000));
  std::array<abi::FieldValue, 5> fields{};
  fields[0].field = abi::kFieldPowerInstant;
  fields[1].field = abi::kFieldRetiredPending;  // an H100 remaps rows
  fields[2].field = 0;
  fields[3].field = 142;  // NVML_FI_DEV_REMAPPED_COR
  fields[4].field = 91;   // NVML_FI_DEV_NVLINK_LINK_COUNT
  ASSERT_EQ(rig.nvml->field_values(rig.device(), 5, fields.data()), Return::success);
  EXPECT_EQ(fields[0].result, Return::success);
  EXPECT_EQ(fields[0].type, abi::ValueType::u32);
  EXPECT_GT(fields[0].value.as_u32, 70'000U);
  EXPECT_EQ(fields[0].timestamp_us, FakeTime::kWallEpochUs + 1'000'000);
  EXPECT_EQ(fields[1].result, Return::not_supported);
  EXPECT_EQ(fields[2].result, Return::invalid_argument);
  EXPECT_EQ(fields[3].result, Return::success);
  EXPECT_EQ(fields[4].value.as_u32, 18U);
  EXPECT_EQ(rig.nvml->field_values(rig.device(), 0, fields.data()), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->field_values(rig.device(), -1, fields.data()), Return::invalid_argument);
  EXPECT_EQ(rig.nvml->field_values(rig.device(), 1, nullptr), Return::invalid_argument);
}

TEST(NvmlSim, ErrorStringsAreNvmls) {
  EXPECT_STREQ(error_string(Return::success), "Success");
  EXPECT_STREQ(error_string(Return::gpu_is_lost), "GPU is lost");
  EXPECT_STREQ(error_string(static_cast<Return>(31)), "Unknown Error");
  EXPECT_STREQ(error_string(Return::unknown), "Unknown Error");
}

}  // namespace
}  // namespace assay::nvml_sim

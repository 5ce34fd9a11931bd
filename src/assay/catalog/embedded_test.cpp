// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/embedded.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "assay/catalog/sm_limits.hpp"
#include "assay/catalog/user_config.hpp"

namespace assay::catalog {
namespace {

const Catalog& all_chips() {
  static const Catalog catalog = *embedded();
  return catalog;
}

TEST(Embedded, EveryFileIsClean) {
  const auto files = embedded_chip_files();
  EXPECT_FALSE(files.empty());
  for (const Error& error : Catalog::check(files)) ADD_FAILURE() << error.message;
}

TEST(Embedded, HoldsEveryNvidiaGpuOfTheSurvey) {
  for (const char* id : {"v100-sxm2-16gb",
                         "v100-sxm2-32gb",
                         "p100-sxm2-16gb",
                         "t4",
                         "a10",
                         "a100-sxm4-40gb",
                         "a100-sxm4-80gb",
                         "a100-pcie-80gb",
                         "l4",
                         "l40s",
                         "rtx-4090",
                         "rtx-5090",
                         "h100-sxm5-80gb",
                         "h100-pcie-80gb",
                         "h100-nvl-94gb",
                         "h200-sxm-141gb",
                         "gh200-96gb",
                         "b200-hgx",
                         "b300-hgx",
                         "gb200-nvl72",
                         "gb300-nvl72"}) {
    EXPECT_NE(all_chips().find(id), nullptr) << id;
  }
}

TEST(Embedded, NvmlNamesLeadToTheirChip) {
  const std::vector<std::pair<const char*, const char*>> boards{
      {"NVIDIA H100 80GB HBM3", "h100-sxm5-80gb"},
      {"NVIDIA H100 PCIe", "h100-pcie-80gb"},
      {"NVIDIA H100 NVL", "h100-nvl-94gb"},
      {"NVIDIA H200", "h200-sxm-141gb"},
      {"NVIDIA GH200 480GB", "gh200-96gb"},
      {"NVIDIA A100-SXM4-40GB", "a100-sxm4-40gb"},
      {"NVIDIA A100-SXM4-80GB", "a100-sxm4-80gb"},
      {"NVIDIA A100 80GB PCIe", "a100-pcie-80gb"},
      {"NVIDIA A10", "a10"},
      {"NVIDIA L4", "l4"},
      {"NVIDIA L40S", "l40s"},
      {"Tesla T4", "t4"},
      {"Tesla V100-SXM2-16GB", "v100-sxm2-16gb"},
      {"Tesla V100-SXM2-32GB", "v100-sxm2-32gb"},
      {"Tesla P100-SXM2-16GB", "p100-sxm2-16gb"},
      {"NVIDIA GeForce RTX 4090", "rtx-4090"},
      {"NVIDIA GeForce RTX 5090", "rtx-5090"},
      {"NVIDIA B200", "b200-hgx"},
      {"NVIDIA B300 SXM6 AC", "b300-hgx"},
      {"NVIDIA GB200", "gb200-nvl72"},
      {"NVIDIA GB300", "gb300-nvl72"}};
  for (const auto& [name, id] : boards) {
    const Chip* chip = all_chips().match_nvml_name(name);
    ASSERT_NE(chip, nullptr) << name;
    EXPECT_EQ(chip->id, id);
  }
  EXPECT_EQ(all_chips().match_nvml_name("NVIDIA A10G"), nullptr) << "another bin of the A10";
  EXPECT_EQ(all_chips().match_nvml_name("NVIDIA H200 NVL"), nullptr) << "another board";
}

TEST(Embedded, H100IsDenseAndAtItsRatedClock) {
  const Chip* chip = all_chips().find("h100-sxm5-80gb");
  ASSERT_NE(chip, nullptr);
  EXPECT_EQ(chip->sm_count(), 132);
  EXPECT_EQ(chip->tdp->value, Watts(700));
  EXPECT_EQ(chip->device_memory()->available(), mib(81559));
  EXPECT_EQ(chip->device_memory()->bandwidth->value, gigabytes_per_second(3350));
  EXPECT_EQ(chip->util_sample_period->value, milliseconds(200));
  const Peak* bf16 = chip->peak(Dtype::bf16);
  ASSERT_NE(bf16, nullptr);
  EXPECT_EQ(bf16->clock, megahertz(1830));
  EXPECT_NEAR(bf16->rate.value.value(), 989.4e12, 1e9);
  EXPECT_NEAR(bf16->at(chip->max_clock->value).value(), 1070.5e12, 1e12);
  EXPECT_EQ(chip->link(LinkRole::scale_up)->one_way.value, gigabytes_per_second(450));
}

TEST(Embedded, FrameworksAccumulatorComesFirstOnGeForce) {
  const Peak* bf16 = all_chips().find("rtx-4090")->peak(Dtype::fp16, Engine::matrix);
  ASSERT_NE(bf16, nullptr);
  EXPECT_EQ(bf16->accumulator, Accumulator::fp32);
  EXPECT_NEAR(bf16->rate.value.value(), 165.2e12, 1e9);
}

// Physics: the rate follows from units x operations a clock x clock, within rounding of the
// datasheet, and the vector rates from the lanes of the SM besides.
TEST(Embedded, PeaksFollowFromUnitsAndClock) {
  int checked = 0;
  for (const Chip& chip : all_chips().all()) {
    for (const Peak& peak : chip.peaks) {
      if (!peak.clock || !peak.ops_per_clk_per_unit) continue;
      const double product = chip.units->value * *peak.ops_per_clk_per_unit * peak.clock->value();
      EXPECT_NEAR(product / peak.rate.value.value(), 1, 0.015)
          << chip.id << " " << to_string(peak.dtype);
      ++checked;
    }
  }
  EXPECT_GT(checked, 240);
}

bool is_nvidia_gpu(const Chip& chip) {
  return chip.kind == ChipKind::gpu && chip.vendor == "NVIDIA";
}

TEST(Embedded, LanesAgreeWithTheLimitsOfTheSm) {
  for (const Chip& chip : all_chips().all()) {
    if (!chip.compute_capability) {
      EXPECT_NE(chip.vendor, "NVIDIA") << chip.id;
      continue;
    }
    const auto limits = sm_limits(chip.compute_capability->major, chip.compute_capability->minor);
    ASSERT_TRUE(limits.has_value()) << chip.id;
    EXPECT_EQ(chip.fp32_per_unit->value, limits->fp32_lanes) << chip.id;
    const Peak* fp32 = chip.peak(Dtype::fp32, Engine::vector);
    ASSERT_NE(fp32, nullptr) << chip.id;
    if (fp32->ops_per_clk_per_unit) {
      EXPECT_EQ(*fp32->ops_per_clk_per_unit, 2 * limits->fp32_lanes) << chip.id;
    }
    const Peak* fp64 = chip.peak(Dtype::fp64, Engine::vector);
    if (fp64 != nullptr && fp64->ops_per_clk_per_unit) {
      EXPECT_EQ(*fp64->ops_per_clk_per_unit, 2 * *limits->fp64_lanes) << chip.id;
    }
  }
}

TEST(Embedded, NvidiaFiguresAreOfABoardOfThisWorld) {
  for (const Chip& chip : all_chips().all()) {
    if (!is_nvidia_gpu(chip)) continue;
    SCOPED_TRACE(chip.id);
    const MemoryTier& memory = *chip.device_memory();
    EXPECT_GT(memory.bandwidth->value, gigabytes_per_second(100));
    EXPECT_LT(memory.bandwidth->value, gigabytes_per_second(10'000));
    ASSERT_TRUE(memory.usable.has_value());
    EXPECT_GT(memory.usable->value / memory.capacity->value, 0.9);
    EXPECT_GE(chip.tdp->value, Watts(70));
    EXPECT_LE(chip.tdp->value, Watts(1400));
    EXPECT_NE(chip.link(LinkRole::host), nullptr);
  }
}

TEST(Embedded, FiguresAreOfAChipOfThisWorld) {
  for (const Chip& chip : all_chips().all()) {
    SCOPED_TRACE(chip.id);
    // Above it lie the SRAM machines, below it DDR3: a slip of three digits falls outside.
    for (const MemoryTier& tier : chip.memory) {
      if (!tier.bandwidth) continue;
      const bool sram = tier.technology.find("SRAM") != std::string::npos;
      EXPECT_EQ(tier.bandwidth->value > gigabytes_per_second(10'000), sram);
      EXPECT_GE(tier.bandwidth->value, gigabytes_per_second(30));
    }
    const FlopsPerSecond most = teraflops(chip.id == "wse-3" ? 16'000 : 15'000);  // a whole wafer
    for (const Peak& peak : chip.peaks) EXPECT_LE(peak.rate.value, most);
    // NVLink 5 is 900 GB/s one way and NeuronLink-v4 1280: a larger figure is one quoted both ways.
    if (const Link* link = chip.link(LinkRole::scale_up)) {
      EXPECT_LE(link->one_way.value, gigabytes_per_second(1300));
    }
    for (const Source& source : chip.sources) EXPECT_FALSE(source.date.empty());
  }
}

TEST(Embedded, TiersStandFastestFirst) {
  const Chip* corsair = all_chips().find("dmatrix-corsair");
  ASSERT_NE(corsair, nullptr);
  ASSERT_EQ(corsair->memory.size(), 2U);
  EXPECT_EQ(corsair->memory[0].capacity->value, gigabytes(2));
  EXPECT_EQ(corsair->memory[0].bandwidth->value, gigabytes_per_second(150e3));
  EXPECT_EQ(corsair->memory[1].capacity->value, gigabytes(256));
  EXPECT_EQ(all_chips().find("groq")->device_memory()->capacity->value, gigabytes(0.23));
  EXPECT_EQ(all_chips().find("wse-3")->device_memory()->bandwidth->value,
            gigabytes_per_second(21e6));
  for (const Chip& chip : all_chips().all()) {
    for (std::size_t i = 1; i < chip.memory.size(); ++i) {
      if (!chip.memory[i].bandwidth || !chip.memory[i - 1].bandwidth) continue;
      EXPECT_GT(chip.memory[i - 1].bandwidth->value, chip.memory[i].bandwidth->value) << chip.id;
    }
  }
}

TEST(Embedded, EveryKindIsThere) {
  std::map<ChipKind, int> count;
  for (const Chip& chip : all_chips().all()) ++count[chip.kind];
  EXPECT_GE(count[ChipKind::cpu], 3);
  EXPECT_GE(count[ChipKind::gpu], 30);
  EXPECT_GE(count[ChipKind::fpga], 5);
  EXPECT_GE(count[ChipKind::asic], 15);
  EXPECT_GE(count[ChipKind::apu], 9);
  EXPECT_GE(count[ChipKind::cim], 4);
}

// Names by which measured data and people call the chips.
TEST(Embedded, AliasesLeadToTheirChip) {
  const std::vector<std::pair<const char*, const char*>> names{
      {"a100_sxm", "a100-sxm4-80gb"},
      {"a40", "a40"},
      {"b200_sxm", "b200-hgx"},
      {"b300_sxm", "b300-hgx"},
      {"b60", "arc-pro-b60"},
      {"gb200", "gb200-nvl72"},
      {"gb300", "gb300-nvl72"},
      {"h100_sxm", "h100-sxm5-80gb"},
      {"h200_sxm", "h200-sxm-141gb"},
      {"l40s", "l40s"},
      {"rtx_pro_6000_server", "rtx-pro-6000-server"},
      {"RTXPRO6000", "rtx-pro-6000-server"},
      {"RTX4090", "rtx-4090"},
      {"RTX 4090", "rtx-4090"},
      {"RTX 5090", "rtx-5090"},
      {"H100", "h100-sxm5-80gb"},
      {"H100 80GB HBM3", "h100-sxm5-80gb"},
      {"A100 80GB", "a100-sxm4-80gb"},
      {"MI300X", "mi300x"},
      {"Ryzen AI Max+ 395", "ryzen-ai-max-395"},
      {"Apple M4 10c", "apple-m4-10c"},
      {"Apple M4 Pro 16c", "apple-m4-pro-16c"},
      {"Apple M4 Pro 20c", "apple-m4-pro-20c"},
      {"Apple M4 Max 40c", "apple-m4-max-40c"},
      {"Apple M3 Ultra 80c", "apple-m3-ultra-80c"},
      {"Apple M5 Max", "apple-m5-max-40c"},
      {"DGX Spark GB10", "dgx-spark-gb10"},
      {"Jetson AGX Orin", "jetson-agx-orin-64gb"},
      {"groq", "groq-lpu-v1"}};
  for (const auto& [name, id] : names) {
    const Chip* chip = all_chips().find(name);
    ASSERT_NE(chip, nullptr) << name;
    EXPECT_EQ(chip->id, id) << name;
  }
}

TEST(Embedded, EachRentableNvidiaBoardHasADatedPrice) {
  const std::set<std::string> not_rented{"p100-sxm2-16gb", "h20-96gb"};  // by nobody in the survey
  for (const Chip& chip : all_chips().all()) {
    if (!is_nvidia_gpu(chip)) continue;
    const auto price = resolve_price(std::nullopt, {}, "GPU-0", &chip);
    ASSERT_EQ(price.has_value(), !not_rented.contains(chip.id)) << chip.id;
    if (!price) continue;
    EXPECT_THAT(price->source, ::testing::MatchesRegex("catalog: .*, 2026-.*")) << chip.id;
  }
}

TEST(Embedded, OneChipCanBeParsedAlone) {
  const std::vector<std::string> names{"NVIDIA H100 80GB HBM3", "No Such Board"};
  const auto some = embedded_for(names);
  ASSERT_TRUE(some) << some.error().message;
  ASSERT_EQ(some->all().size(), 1U);
  EXPECT_EQ(some->match_nvml_name(names[0])->id, "h100-sxm5-80gb");
  EXPECT_EQ(embedded_by_id("t4")->all().size(), 1U);
  EXPECT_TRUE(embedded_by_id("no-such-chip")->all().empty());
}

}  // namespace
}  // namespace assay::catalog

// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/roofs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

namespace assay::lab {
namespace {

using testing::HasSubstr;

Run run_of(const char* id, double seconds) {
  Run run;
  run.id = id;
  run.elapsed = Seconds(seconds);
  return run;
}

Roofs h100() {
  return {.device_uuid = "GPU-1",
          .device_name = "NVIDIA H100 80GB HBM3",
          .measured_at = "2026-11-22T10:00:00Z",
          .assay_version = "0.1.0",
          .tensor_via = "cublas 13.0.2",
          .dram_copy = gigabytes_per_second(2900),
          .dram_read = gigabytes_per_second(3000),
          .pcie_h2d = gigabytes_per_second(55.4),
          .fp32 = teraflops(66.2),
          .fp64 = teraflops(33.1),
          .bf16_tensor = teraflops(702.5),
          .sm_clock = megahertz(1980)};
}

TEST(Roofs, AreRatesOfTheRuns) {
  std::vector<lab::Run> runs{run_of("fp32-fma", 2), run_of("dram-copy", 2), run_of("h2d-copy", 4),
                             run_of("tensor", 2)};
  runs[0].flops = Flops(120e12);
  runs[0].sm_clock = megahertz(1755);
  runs[1].dram_bytes = gigabytes(5800);
  runs[2].pcie_bytes = gigabytes(200);
  runs[3].flops = Flops(1400e12);
  runs[3].via = "mma.sync";
  const Roofs roofs = roofs_from({.uuid = "GPU-1", .name = "X"}, runs);
  EXPECT_EQ(roofs.device_uuid, "GPU-1");
  EXPECT_DOUBLE_EQ(roofs.fp32->value(), 60e12);
  EXPECT_EQ(roofs.sm_clock, megahertz(1755));
  EXPECT_DOUBLE_EQ(roofs.dram_copy->value(), 2.9e12);
  EXPECT_DOUBLE_EQ(roofs.pcie_h2d->value(), 50e9);
  EXPECT_DOUBLE_EQ(roofs.bf16_tensor->value(), 700e12);
  EXPECT_EQ(roofs.tensor_via, "mma.sync");
}

TEST(Roofs, WhatWasNotMeasuredStaysUnknown) {
  const std::vector<lab::Run> runs{run_of("fp32-fma", 0), run_of("dram-read", 2),
                                   run_of("fp64-fma", 2)};
  const Roofs roofs = roofs_from({.uuid = "GPU-1"}, runs);
  EXPECT_FALSE(roofs.fp32);  // took no time
  EXPECT_FALSE(roofs.dram_read);
  EXPECT_FALSE(roofs.fp64);  // did no work
  EXPECT_FALSE(roofs.dram_copy);
  EXPECT_FALSE(roofs.bf16_tensor);
  EXPECT_TRUE(roofs.tensor_via.empty());
  EXPECT_FALSE(roofs.dram());
}

TEST(Roofs, DramIsTheBetterOfReadAndCopy) {
  Roofs roofs;
  roofs.dram_copy = gigabytes_per_second(2900);
  EXPECT_EQ(roofs.dram(), gigabytes_per_second(2900));
  roofs.dram_read = gigabytes_per_second(3000);
  EXPECT_EQ(roofs.dram(), gigabytes_per_second(3000));
  roofs.dram_copy = std::nullopt;
  EXPECT_EQ(roofs.dram(), gigabytes_per_second(3000));
}

TEST(RoofsText, ComesBackAsItWas) {
  const auto back = parse_roofs(to_text(h100()));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, h100());
}

TEST(RoofsText, AnyRoofsComeBack) {
  EXPECT_TRUE(rc::check([](std::string name, double fp32, bool has_dram) {
    RC_PRE(std::isfinite(fp32) && fp32 > 0);
    // TOML is UTF-8: what a driver says beyond ASCII is not at issue here.
    for (char& c : name) c = static_cast<char>(static_cast<unsigned char>(c) % 96 + 32);
    std::replace(name.begin(), name.end(), '\x7f', '?');
    Roofs roofs;
    roofs.device_uuid = "GPU-1";
    roofs.device_name = name;
    roofs.fp32 = FlopsPerSecond(fp32);
    if (has_dram) roofs.dram_read = BytesPerSecond(fp32 / 3 + 1);
    const auto back = parse_roofs(to_text(roofs));
    RC_ASSERT(back.ok());
    RC_ASSERT(*back == roofs);
  }));
}

TEST(RoofsText, MalformedIsOneClearError) {
  const std::string good = to_text(h100());
  const auto broken = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return parse_roofs(text);
  };
  for (const auto& result :
       {parse_roofs(""), parse_roofs("fp32 = = 3"), parse_roofs("\xff\xfe"), parse_roofs("{}"),
        broken("device_uuid", "device_uuix"),
        broken("fp32_flops_per_second = 6", "fp32_flops_per_second = -6"),
        broken("fp64_flops_per_second = 33", "fp64_flops_per_second = nan # 33"),
        broken("sm_clock_hertz = ", "sm_clock_hertz = true # ")}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::corrupt) << result.error().message;
    EXPECT_THAT(result.error().message, HasSubstr("run `assay lab`"));
  }
  EXPECT_EQ(broken("assay.roofs/1", "assay.roofs/2").error().code, ErrorCode::version_refused);
}

TEST(RoofsText, NoPrefixOfAFileCrashesOrPasses) {
  const std::string good = to_text(h100());
  for (std::size_t n = 0; n < good.size(); ++n) {
    const auto result = parse_roofs(std::string_view(good).substr(0, n));
    if (result.ok()) {
      EXPECT_EQ(result->device_uuid, "GPU-1") << n;
    }
  }
}

}  // namespace
}  // namespace assay::lab

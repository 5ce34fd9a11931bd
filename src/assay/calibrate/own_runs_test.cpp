// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/own_runs.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "assay/catalog/embedded.hpp"
#include "assay/model/library.hpp"

namespace assay::calibrate {
namespace {

std::vector<OwnRun> read(const std::string& lines) {
  const std::string text = "device,group,op,params,median_ms,watts\n" + lines;
  const std::vector<Table> tables{Table::parse({"t.csv", text}).value()};
  static const catalog::Catalog kChips = catalog::embedded().value();
  return own_runs(tables, kChips,
                  [](std::string_view name) { return model::embedded_library()->find(name); })
      .value();
}

constexpr const char* kBoard = "NVIDIA H100 80GB HBM3,";

TEST(OwnRuns, ParametersAreFoundByTheirWholeName) {
  EXPECT_EQ(parameter("a=1;ab=2", "a"), "1");
  EXPECT_EQ(parameter("ab=2;a=", "a"), "");
  EXPECT_EQ(parameter("ab=2", "a"), std::nullopt);
  EXPECT_EQ(number_parameter("x=1.5;y=z", "x"), 1.5);
  EXPECT_EQ(number_parameter("x=1.5;y=z", "y"), std::nullopt);
}

TEST(OwnRuns, TheFastestKernelStandsForAShape) {
  const std::string b = kBoard;
  const auto runs =
      read(b + "llama,decode,batch=8;context=1024;attn=a,7,\n" + b +
           "llama,decode,batch=8;context=1024;attn=b,6,\n" + b + "llama,prefill,tokens=128,7,\n" +
           b + "gemm,gemm,m=1,7,\n" + b + "llama,prefill,tokens=512;mode=eager,7,\n");
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_DOUBLE_EQ(runs[0].seconds, 6e-3);
  EXPECT_EQ(runs[0].shape.decode_context, 1024);
}

TEST(OwnRuns, ASliceIsOneRankWithFewerLayers) {
  const auto runs =
      read(std::string(kBoard) + "llama_70b_slice,decode,batch=8;context=1024;layers=8,1,\n");
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].parallel.tensor, 8);
  EXPECT_EQ(runs[0].model.layer_count(), 8);
}

TEST(OwnRuns, TheFitFollowsTheRuns) {
  const roofline::Fits before = roofline::Fits::builtin().value();
  auto runs = read(std::string(kBoard) + "llama,prefill,tokens=2048,50,\n");
  for (const double slower : {1.1, 0.9}) {
    runs[0].seconds = slower * predict(runs[0], before)->seconds;
    roofline::Fits fits = before;
    ASSERT_TRUE(fit_own_runs(runs, fits));
    EXPECT_NEAR(predict(runs[0], fits)->seconds / runs[0].seconds, 1, 0.05);
  }
}

}  // namespace
}  // namespace assay::calibrate

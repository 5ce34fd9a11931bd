// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "assay/catalog/embedded.hpp"
#include "assay/roofline/toy_model_test.hpp"

namespace assay::roofline {
namespace {

struct Measured {
  double batch = 0;    // 0: a prompt
  double context = 0;  // or prompt tokens
  double ms = 0;
  double watts = 0;  // 0: not metered
};

// Llama-3.1-8B's shape in bf16, PyTorch and CUDA graphs: data/measured/h100-llm.csv.
constexpr std::array kRuns = {
    Measured{1, 512, 6.40},         Measured{1, 4096, 6.72, 458},  Measured{8, 1024, 6.83, 490},
    Measured{32, 1024, 8.04},       Measured{64, 1024, 9.52, 631}, Measured{128, 1024, 12.78},
    Measured{64, 4096, 17.88, 693}, Measured{128, 2048, 18.44},    Measured{256, 4096, 52.2},
    Measured{0, 512, 13.28},        Measured{0, 1024, 25.23},      Measured{0, 2048, 50.24},
    Measured{0, 4096, 104.8},       Measured{0, 8192, 221.6, 678}};

TEST(OwnRuns, DecodeAndPrefillOnAnH100WithinSevenPerCent) {
  const auto fits = Fits::builtin();
  const auto chips = catalog::embedded_by_id("h100-sxm5-80gb");
  ASSERT_TRUE(fits && chips);
  const auto roof = chip_roof(chips->all().front(), *fits);
  const auto engine = fits->engine("torch");
  ASSERT_TRUE(roof && engine);
  const auto model = StepModel::make(dense_model(), *roof, {}, *engine);
  ASSERT_TRUE(model);
  double sum = 0;
  for (const Measured& run : kRuns) {
    const StepShape shape =
        run.batch > 0 ? StepShape{.decode_sequences = run.batch, .decode_context = run.context}
                      : StepShape{.prefill_tokens = run.context, .prefill_sequences = 1};
    const double off = model->step(shape).total().value() * 1e3 / run.ms - 1;
    EXPECT_LT(std::abs(off), 0.15) << run.batch << " " << run.context;
    sum += std::abs(off);
    if (run.watts <= 0) continue;
    const StepTime time = model->step(shape);
    const double watts = (model->energy(shape, time).total() / time.total()).value();
    EXPECT_LT(std::abs(watts / run.watts - 1), 0.15)
        << run.batch << " " << run.context << " " << watts;
  }
  EXPECT_LT(sum / kRuns.size(), 0.07);
}

}  // namespace
}  // namespace assay::roofline

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include <cstdio>

#include "assay/catalog/embedded.hpp"
#include "assay/model/library.hpp"
#include "assay/model/precision.hpp"
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
    std::printf("bf16 batch %g context %g: %+.0f %%\n", run.batch, run.context, 100 * off);
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

// Measured on the same board, and not what the curves were judged by: the rest of the file's
// end-to-end runs of whole models, with how far off each may be. docs/evidence/planner.md says so.
struct Other {
  const char* model;
  const char* precision;
  double batch;
  double context;
  double ms;
};
constexpr std::array kOthers = {
    Other{"llama-3.1-8b", "fp8", 1, 1024, 4.0757},  Other{"llama-3.1-8b", "fp8", 8, 1024, 4.416},
    Other{"llama-3.1-8b", "fp8", 32, 1024, 5.5719}, Other{"llama-3.1-8b", "fp8", 0, 128, 4.307},
    Other{"llama-3.1-8b", "fp8", 0, 512, 7.5737},   Other{"llama-3.1-8b", "fp8", 0, 2048, 29.285},
    Other{"llama-3.1-8b", "fp8", 0, 8192, 135.76},  Other{"qwen3-30b-a3b", "", 1, 1024, 4.7264},
    Other{"qwen3-30b-a3b", "", 4, 1024, 7.8699},    Other{"qwen3-30b-a3b", "", 16, 1024, 16.719},
    Other{"qwen3-30b-a3b", "", 64, 1024, 26.153},   Other{"qwen3-30b-a3b", "", 64, 4096, 33.272},
    Other{"qwen3-30b-a3b", "", 0, 512, 36.897},     Other{"qwen3-30b-a3b", "", 0, 2048, 49.862},
    Other{"qwen3-30b-a3b", "", 0, 8192, 160.51}};

TEST(OwnRuns, NarrowTypesAndExpertsArePrintedWithTheirErrors) {
  const auto fits = Fits::builtin();
  const auto chips = catalog::embedded_by_id("h100-sxm5-80gb");
  const auto library = model::embedded_library();
  ASSERT_TRUE(fits && chips && library);
  const auto roof = chip_roof(chips->all().front(), *fits);
  const auto engine = fits->engine("torch");
  ASSERT_TRUE(roof && engine);
  for (const Other& run : kOthers) {
    auto stored = library->find(run.model);
    ASSERT_TRUE(stored);
    const auto narrowed = model::with_precision(std::move(*stored), run.precision);
    ASSERT_TRUE(narrowed);
    const auto model = StepModel::make(*narrowed, *roof, {}, *engine);
    ASSERT_TRUE(model);
    const StepShape shape =
        run.batch > 0 ? StepShape{.decode_sequences = run.batch, .decode_context = run.context}
                      : StepShape{.prefill_tokens = run.context, .prefill_sequences = 1};
    const double off = model->step(shape).total().value() * 1e3 / run.ms - 1;
    std::printf("%s %s batch %g context %g: %+.0f %%\n", run.model, run.precision, run.batch,
                run.context, 100 * off);
    EXPECT_LT(std::abs(off), 0.7);
  }
}

}  // namespace
}  // namespace assay::roofline

// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/operators.hpp"

#include <gtest/gtest.h>

namespace assay::roofline {
namespace {

TEST(Attention, ShortAndLongPromptsTakeWhatTheirKernelsDo) {
  // data/measured/h100-llm.csv, attention-prefill by cuDNN: 32 heads of 128, bf16. One fraction of
  // the peak serves prompts from 512 to 8,192 tokens, which reach 0.16 to 0.61 of it, and a chunk.
  AttentionOp op;
  op.prefill_flop_s = 2 * 32 * (128 + 128) / (0.7 * 989.4e12);
  struct Kernel {
    double tokens, before, ms;
  };
  for (const Kernel& kernel :
       {Kernel{512, 0, 0.013211}, Kernel{1024, 0, 0.031637}, Kernel{2048, 0, 0.083344},
        Kernel{4096, 0, 0.25959}, Kernel{8192, 0, 0.90505}, Kernel{512, 3840, 0.056011}}) {
    const double ms = op.prefill(kernel.tokens, kernel.before, 1).compute * 1e3;
    EXPECT_NEAR(ms / kernel.ms, 1.07, 0.07) << kernel.tokens << " after " << kernel.before;
  }
}

}  // namespace
}  // namespace assay::roofline

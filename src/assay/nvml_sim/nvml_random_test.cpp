// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assay/nvml_sim/fuzz_body.hpp"

namespace assay::nvml_sim {
namespace {

TEST(NvmlRandom, AMillionCallsWithAnyArgumentsComeBackWithACode) {
  Choice choice(20261122);
  const auto successes = fuzz_nvml(choice, 1'000'000);
  for (std::size_t i = 0; i < kSymbols.size(); ++i)
    EXPECT_GT(successes[i], 0U) << kSymbols[i] << " never succeeded, so little of it was tried";
}

}  // namespace
}  // namespace assay::nvml_sim

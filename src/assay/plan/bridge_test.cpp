// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/bridge.hpp"

#include <gtest/gtest.h>

#include "assay/plan/real_chips_test.hpp"

namespace assay::plan {
namespace {

Result<Bridge> llama_on_h100(const Decoding& decoding, const SeenShares& seen) {
  const auto engine = shipped_fits().engine("torch");
  CHECK(engine.ok());
  return bridge(shipped_model("llama-3.1-8b", "").model, shipped_roofs({"h100-sxm5-80gb"}).front(),
                {}, *engine, decoding, seen);
}

// Our own measurement (data/measured/h100-llm.csv): batch 64, 1,024 tokens, a step of 9.52 ms.
constexpr Decoding kMeasured{.tokens_per_second = 64 / 9.52e-3, .batch = 64, .context = 1024};

TEST(Bridge, AMeasuredDecodeLoop) {
  const auto found = llama_on_h100(kMeasured, {.busy = 1.0, .dram = 0.74});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_NEAR(found->measured.value(), 9.52e-3, 1e-6);
  EXPECT_NEAR(found->expected / found->measured, 1, 0.07);
  // 15 GB of weights and 8.6 GB of cache at 3.35 TB/s.
  EXPECT_NEAR(found->best.value(), (15.0e9 + 64 * 1024 * 131072.0) / 3.35e12, 0.3e-3);
  EXPECT_NEAR(found->useful.value(), found->best / found->measured, 1e-12);
  EXPECT_FALSE(found->contradicts());
  double sum = 0;
  double expected = 0;
  for (const BridgeTerm& term : found->terms) {
    sum += term.measured->value();
    expected += term.expected.value();
  }
  EXPECT_NEAR(sum, found->measured.value(), 1e-12);
  EXPECT_NEAR(expected, found->expected.value(), 1e-12);
}

TEST(Bridge, BlamesTheWaiting) {
  Decoding slow = kMeasured;
  slow.tokens_per_second /= 2;
  const auto found = llama_on_h100(slow, {.busy = 0.5, .dram = 0.37});
  ASSERT_TRUE(found && found->blame);
  EXPECT_EQ(found->blame->name, "waiting");
}

TEST(Bridge, BlamesTheTraffic) {
  Decoding slow = kMeasured;
  slow.tokens_per_second /= 2;
  const auto found = llama_on_h100(slow, {.busy = 1.0, .dram = 0.85});
  ASSERT_TRUE(found && found->blame);
  EXPECT_EQ(found->blame->name, "memory");
}

TEST(Bridge, BlamesNobodyWithoutCounters) {
  const auto found = llama_on_h100(kMeasured, {});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->blame);
  EXPECT_FALSE(found->terms[0].measured);
}

TEST(Bridge, FasterThanLightIsAContradiction) {
  Decoding wrong = kMeasured;
  wrong.tokens_per_second *= 10;
  EXPECT_TRUE(llama_on_h100(wrong, {})->contradicts());
}

TEST(Bridge, RefusesWhatIsNoLoop) {
  EXPECT_FALSE(llama_on_h100({.tokens_per_second = 0, .batch = 1, .context = 1}, {}));
  EXPECT_FALSE(llama_on_h100({.tokens_per_second = 1, .batch = 0, .context = 1}, {}));
  EXPECT_FALSE(llama_on_h100({.tokens_per_second = 1, .batch = 1, .context = -1}, {}));
}

}  // namespace
}  // namespace assay::plan

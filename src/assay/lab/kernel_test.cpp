// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/kernel.hpp"

#include <gtest/gtest.h>

#include <set>

#include "assay/lab/ptx.hpp"
#include "assay/lab/recipe.hpp"

namespace assay::lab {
namespace {

TEST(Kernel, IdsAreStableAndUnique) {
  std::set<std::string_view> ids;
  for (const KernelInfo& kernel : kernels()) {
    EXPECT_TRUE(ids.insert(kernel.id).second) << kernel.id;
    EXPECT_FALSE(kernel.what.empty());
  }
  // Recordings in the field name these.
  const std::set<std::string_view> published{
      "one-thread", "one-block", "half-sms",  "all-sms",  "full-spin",    "fp32-fma", "fp64-fma",
      "tensor",     "dram-copy", "dram-read", "h2d-copy", "tiny-kernels", "divergent"};
  EXPECT_EQ(ids, published);
  EXPECT_EQ(kernels().front().id, "one-thread");
}

TEST(Kernel, SmActiveFollowsFromTheGeometry) {
  EXPECT_DOUBLE_EQ(expected_sm_active("one-thread", 132)->value(), 1.0 / 132);
  EXPECT_DOUBLE_EQ(expected_sm_active("one-block", 80)->value(), 1.0 / 80);
  EXPECT_DOUBLE_EQ(expected_sm_active("half-sms", 132)->value(), 0.5);
  EXPECT_DOUBLE_EQ(expected_sm_active("half-sms", 7)->value(), 3.0 / 7);
  for (const std::string_view id : {"all-sms", "full-spin", "fp32-fma", "dram-read", "divergent"})
    EXPECT_DOUBLE_EQ(expected_sm_active(id, 132)->value(), 1.0) << id;
  EXPECT_DOUBLE_EQ(expected_sm_active("h2d-copy", 132)->value(), 0.0);
  EXPECT_DOUBLE_EQ(expected_sm_active("half-sms", 1)->value(), 1.0);
}

TEST(Kernel, SmActiveIsUnknownWhereTheLaunchDoesNotSettleIt) {
  EXPECT_FALSE(expected_sm_active("tensor", 132));
  EXPECT_FALSE(expected_sm_active("tiny-kernels", 132));
  EXPECT_FALSE(expected_sm_active("tensor-mma", 132));  // not a kernel of the list
  EXPECT_FALSE(expected_sm_active("one-thread", 0));
}

TEST(Recipe, TheFuseNeverCutsARunShortAndAlwaysEndsIt) {
  for (const Recipe& recipe : recipes()) {
    const double rounds = static_cast<double>(fuse_rounds(recipe, Seconds(2)));
    const double shortest = rounds * recipe.min_cycles_per_round / 4e9;
    EXPECT_GE(shortest, 4.0) << recipe.id;
    EXPECT_LE(shortest, 4.5) << recipe.id;
  }
}

TEST(Ptx, EveryFunctionIsAnEntryOfItsFile) {
  for (int i = 0; i <= static_cast<int>(Function::fill); ++i) {
    const KernelEntry entry = kernel_entry(static_cast<Function>(i));
    const std::string_view text = ptx_text(entry.file);
    EXPECT_NE(text.find(".entry " + std::string(entry.symbol) + "("), std::string_view::npos)
        << entry.symbol;
    EXPECT_EQ(text.data()[text.size()], '\0') << "the driver reads up to a NUL";
  }
}

// A kernel without a look at the device's clock could spin for ever. tiny has no loop.
TEST(Ptx, EveryLoopLooksAtTheDevicesClock) {
  for (int i = 0; i <= static_cast<int>(Function::fill); ++i) {
    const auto function = static_cast<Function>(i);
    if (function == Function::tiny) continue;
    const KernelEntry entry = kernel_entry(function);
    const std::string_view text = ptx_text(entry.file);
    const std::size_t from = text.find(".entry " + std::string(entry.symbol) + "(");
    const std::string_view body = text.substr(from, text.find("\n}", from) - from);
    EXPECT_NE(body.find("%globaltimer"), std::string_view::npos) << entry.symbol;
  }
}

// Drivers since CUDA 11.4 load it, chips since Turing run it; bf16 products need Ampere.
TEST(Ptx, AsksForNoMoreThanItNeeds) {
  for (const std::string_view file : {"spin.ptx", "fma.ptx", "memory.ptx", "mma.ptx"}) {
    const std::string_view text = ptx_text(file);
    EXPECT_NE(text.find("\n.version 7.0\n"), std::string_view::npos) << file;
    EXPECT_NE(text.find(file == "mma.ptx" ? ".target sm_80" : ".target sm_75"),
              std::string_view::npos)
        << file;
  }
}

}  // namespace
}  // namespace assay::lab

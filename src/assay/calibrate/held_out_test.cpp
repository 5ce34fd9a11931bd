// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/held_out.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "assay/catalog/embedded.hpp"
#include "assay/model/library.hpp"

namespace assay::calibrate {
namespace {

const catalog::Catalog& chips() {
  static const catalog::Catalog kChips = catalog::embedded().value();
  return kChips;
}

Table table(const std::string& text) { return Table::parse({"t.csv", text}).value(); }

TEST(HeldOut, ScoresAreByChipAndGroupWithTheirSign) {
  const auto found = scores({{"b", "x", 1, 1.1},
                             {"a", "x", 2, 1},
                             {"a", "x", 2, 1.8},
                             {"a", "x", 2, 2.2},
                             {"a", "x", 2, 1.2}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].chip, "a");
  EXPECT_EQ(found[0].rows, 4U);
  EXPECT_NEAR(found[0].mape, 0.275, 1e-9);
  EXPECT_NEAR(found[0].median, 0.25, 1e-9);
  EXPECT_NEAR(found[0].bias, -0.25, 1e-9);
  EXPECT_NEAR(found[1].bias, 0.1, 1e-9);
}

TEST(HeldOut, VidursProductsAreCutOverRanks) {
  const auto fits = roofline::Fits::builtin().value();
  const std::string head =
      "num_tokens,num_tensor_parallel_workers,n_head,n_kv_head,n_embd,n_expanded_embd,"
      "time_stats.attn_pre_proj.median,time_stats.attn_post_proj.median,"
      "time_stats.mlp_up_proj.median,time_stats.mlp_down_proj.median\n";
  const auto pairs =
      vidur_pairs(table(head + "4096,1,64,8,8192,28672,1,1,1,\n4096,4,64,8,8192,28672,1,1,1,1\n"),
                  *chips().find("h100"), fits);
  ASSERT_TRUE(pairs) << pairs.error().message;
  ASSERT_EQ(pairs->size(), 7U);
  // 2 x 8192 x 57344 x 4096 operations at 0.6 to 0.9 of 989 TFLOP/s.
  EXPECT_GT((*pairs)[2].predicted, 4.3e-3);
  EXPECT_LT((*pairs)[2].predicted, 6.5e-3);
  EXPECT_NEAR((*pairs)[5].predicted / (*pairs)[2].predicted, 0.25, 0.02);
  EXPECT_FALSE(vidur_pairs(table("num_tokens\n1\n"), *chips().find("h100"), fits));
}

TEST(HeldOut, SplitwisesPowerIsOfTheMeasuredTime) {
  const auto fits = roofline::Fits::builtin().value();
  const auto read = [&](const std::string& rows) {
    return splitwise_pairs(
        table("model,hardware,prompt_size,batch_size,token_size,peak_power,average_power,"
              "prompt_time,token_time,tensor_parallel\n" +
              rows),
        chips(), [](std::string_view name) { return model::embedded_library()->find(name); }, fits);
  };
  const auto pairs = read(
      "llama2-70b,a100-80gb,512,1,128,0.7,0.4,100,40,8\n"
      "llama2-70b,a100-80gb,512,1,128,0.0,0.0,100,80,8\n"
      "llama2-70b,a100-80gb,512,1,128,0.7,0.4,100,80,8\n"
      "llama2-70b,h100-80gb-pcap,512,1,128,0.7,0.4,100,40,8\n"
      "llama2-70b,a100-80gb,512,64,128,0.7,0.4,100,40,2\n"
      "bloom-176b,a100-80gb,512,1,128,0.7,0.4,100,40,8\n");
  ASSERT_TRUE(pairs) << pairs.error().message;
  ASSERT_EQ(pairs->seconds.size(), 6U);
  ASSERT_EQ(pairs->watts.size(), 4U);
  EXPECT_DOUBLE_EQ(pairs->watts[0].measured, 280);
  // The same work over twice the time: power over idle halves.
  const double idle = fits.class_of(*chips().find("a100")).value()->curves.idle_power * 400;
  EXPECT_NEAR(pairs->watts[1].predicted - idle, 2 * (pairs->watts[3].predicted - idle), 1e-6);
}

TEST(HeldOut, WattsOfProductsTellLongLoopsFromShortOnes) {
  const auto fits = roofline::Fits::builtin().value();
  const auto pairs = product_watts(table("system,gemm_dtype,m,n,k,latency,power\n"
                                         "h200_sxm,bfloat16,8192,16384,8192,2.8,690\n"
                                         "h200_sxm,bfloat16,1,16384,8192,0.064,400\n"
                                         "h200_sxm,bfloat16,1,16384,8192,0.064,\n"),
                                   chips(), fits);
  ASSERT_TRUE(pairs) << pairs.error().message;
  ASSERT_EQ(pairs->size(), 2U);
  EXPECT_DOUBLE_EQ((*pairs)[0].predicted, 700);  // held to its TDP
  EXPECT_LT((*pairs)[1].predicted, 700);
  EXPECT_NE((*pairs)[0].group, (*pairs)[1].group);
}

}  // namespace
}  // namespace assay::calibrate

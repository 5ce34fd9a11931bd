// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/prediction.hpp"

#include <gtest/gtest.h>

#include "assay/calibrate/score.hpp"
#include "assay/calibrate/table.hpp"
#include "assay/catalog/embedded.hpp"
#include "assay/model/library.hpp"

namespace assay::calibrate {
namespace {

constexpr std::string_view kHeader =
    "id,model_path,system,backend,precision,isl,osl,tp_size,moe_ep_size,concurrency,"
    "silicon_ttft_ms,silicon_tpot_ms,measured\n";

std::vector<ServingRow> rows(const std::string& lines) {
  const std::string text = std::string(kHeader) + lines;
  return serving_rows(Table::parse({"t.csv", text}).value()).value();
}

ModelSource library() {
  return [](std::string_view name) { return model::embedded_library().value().find(name); };
}

Report judged(const std::vector<ServingRow>& asked) {
  static const catalog::Catalog kChips = catalog::embedded().value();
  return judge(asked, kChips, library(), roofline::Fits::builtin().value());
}

TEST(ServingRow, TellsTheHarnessesApart) {
  const auto read = rows(
      "a,m,s,vllm,fp8,1024,8192,2,,16,1,1,2025-11-02\nb,m,s,vllm,,1024,8192,,0,16,1,1,\n"
      "c,m,s,vllm,,1024,1,1,1,,1,1,\n");
  EXPECT_EQ(read[0].least, 0.8);
  EXPECT_EQ(read[0].precision, "fp8");
  EXPECT_EQ(read[1].least, 1);
  EXPECT_EQ(read[1].parallel, roofline::Parallel{});
  ASSERT_TRUE(read[2].refused);
  EXPECT_EQ(*read[2].refused, "concurrency is empty");
}

TEST(ServingRow, KnowsOtherWordsForEnginesAndPrecisions) {
  const auto read = rows(
      "a,m,s,TRT,NVFP4,1024,1,1,1,1,1,1,\nb,m,s,dynamo-trt,w4a16_mxfp4,1024,1,1,1,1,1,1,\n"
      "c,m,s,dynamo-SGLang,FP8,1024,1,1,1,1,1,1,\nd,m,s,tgi,odd,1024,1,1,1,1,1,1,\n");
  EXPECT_EQ(read[0].backend, "trtllm");
  EXPECT_EQ(read[0].precision, "fp4");
  EXPECT_EQ(read[1].backend, "trtllm");
  EXPECT_EQ(read[1].precision, "fp4");
  EXPECT_EQ(read[2].backend, "sglang");
  EXPECT_EQ(read[2].precision, "fp8");
  EXPECT_EQ(read[3].backend, "tgi");  // refused later, by name
}

TEST(Judge, PredictsWithoutLookingAtWhatWasMeasured) {
  const std::string row = "x,meta-llama/Llama-3.1-8B,h100_sxm,vllm,,1024,256,1,,16,";
  const auto honest = rows(row + "60,8,\n");
  const auto absurd = rows(row + "1,1000,\n");
  const Report a = judged(honest);
  const Report b = judged(absurd);
  ASSERT_TRUE(a.judged[0].prediction) << a.judged[0].refused;
  EXPECT_EQ(a.judged[0].prediction->tpot_s, b.judged[0].prediction->tpot_s);
  EXPECT_EQ(a.judged[0].prediction->ttft_s, b.judged[0].prediction->ttft_s);
  EXPECT_GT(*b.overall.tpot_mape, 0.9);
}

TEST(Judge, RunsThatMisstateTheirClientsArePredictedFromTheirSweep) {
  const std::string row = "x,openai/gpt-oss-120b,h100_sxm,vllm,fp4,1024,1024,8,,";
  const auto asked = rows(row + "512,22295,5.33,2025-12-05\n" +  // as the script did then
                          row + "512,22295,5.33,2026-03-27\n" +  // mended
                          row + "4,,,2026-03-27\n" + row + "64,,,2026-03-27\n");
  const Report report = judged(asked);
  EXPECT_EQ(asked[0].places.size(), 5U);
  for (const std::size_t i : {1U, 2U, 3U}) EXPECT_TRUE(asked[i].places.empty()) << i;
  // Between the ends of the sweep, and its interval holds both; not what 512 places would do.
  const Prediction& of_sweep = *report.judged[0].prediction;
  const double least = report.judged[2].prediction->tpot_s;
  const double most = report.judged[3].prediction->tpot_s;
  EXPECT_GT(of_sweep.tpot_s, least);
  EXPECT_LT(of_sweep.tpot_s, most);
  EXPECT_LE(of_sweep.tpot_s * of_sweep.tpot_interval().lo, least);
  EXPECT_GE(of_sweep.tpot_s * of_sweep.tpot_interval().hi, 0.95 * most);
  EXPECT_LT(of_sweep.tpot_s, 0.5 * report.judged[1].prediction->tpot_s);
  // Ten requests a place, all at once: the k-th lot waits k answers, 4.5 on the mean.
  const double answer = of_sweep.tpot_s * (0.9 * 1024 - 1);
  EXPECT_NEAR(of_sweep.ttft_s / answer, 4.4, 0.3);
  EXPECT_EQ(report.overall.predicted, 4U);
  EXPECT_EQ(report.without_misstated.predicted, 3U);
}

TEST(ServingRow, TensorRtLlmKeepsRoomForAnswers) {
  // Twice the sequences that fit: those let in are as many as whole answers fit.
  const std::string row = "x,meta-llama/Llama-3.1-70B,h200_sxm,";
  const auto asked = rows(row + "trtllm,fp8,1024,8192,1,,128,,,2025-10-29\n" + row +
                          "vllm,fp8,1024,8192,1,,128,,,2025-10-29\n");
  const Report report = judged(asked);
  EXPECT_LT(report.judged[0].prediction->tpot_s, report.judged[1].prediction->tpot_s);
  EXPECT_GT(report.judged[0].prediction->ttft_s, report.judged[1].prediction->ttft_s);
}

std::vector<ServingRow> rows_with(const std::string& columns, const std::string& cells) {
  const std::string text = "model_path,system,backend,precision,isl,osl,concurrency," + columns +
                           "\nmeta-llama/Llama-3.1-70B,h200_sxm,vllm,fp8,1024,1024,8," + cells +
                           "\n";
  return serving_rows(Table::parse({"t.csv", text}).value()).value();
}

TEST(ServingRow, OnlyAggregatedRunsAreUnderstood) {
  EXPECT_FALSE(rows_with("mode", "agg")[0].refused);
  const auto split = rows_with("mode", "disagg");
  ASSERT_TRUE(split[0].refused);
  EXPECT_TRUE(split[0].refused->starts_with("mode is disagg"));
}

TEST(ServingRow, TheCacheIsTheScriptsOrWhatTheRowSays) {
  EXPECT_EQ(rows_with("measured", "2025-11-02")[0].cache, Dtype::fp8);
  EXPECT_EQ(rows_with("measured,kv_cache_dtype", "2025-11-02,bf16")[0].cache, Dtype::bf16);
  EXPECT_EQ(rows_with("kv_cache_dtype", "auto")[0].cache, std::nullopt);
  EXPECT_TRUE(rows_with("kv_cache_dtype", "odd")[0].refused);
  // Long contexts of many: half the bytes of the cache are less time.
  const auto narrow = rows_with("kv_cache_dtype,tp_size", "fp8,4");
  const auto wide = rows_with("kv_cache_dtype,tp_size", "bf16,4");
  EXPECT_LT(judged(narrow).judged[0].prediction->tpot_s, judged(wide).judged[0].prediction->tpot_s);
}

TEST(ServingRow, SaysWhatEmptyCellsAreTakenFor) {
  EXPECT_EQ(rows_with("backend_version,measured", ",")[0].assumed.size(), 2U);
  EXPECT_TRUE(rows_with("backend_version,measured", "0.19,2026-01-01")[0].assumed.empty());
}

TEST(Judge, CountsAndRefuses) {
  const auto asked = rows(
      "1,meta-llama/Llama-3.1-8B,h100_sxm,vllm,,1024,256,1,,8,100,7,\n"
      "2,nobody/nothing,h100_sxm,vllm,,1024,256,1,,8,100,7,\n"
      "3,meta-llama/Llama-3.1-8B,z80,vllm,,1024,256,1,,8,100,7,\n"
      "4,meta-llama/Llama-3.1-405B,h100_sxm,vllm,,1024,256,1,,8,100,7,\n");
  const Report report = judged(asked);
  EXPECT_EQ(report.overall.rows, 4U);
  EXPECT_EQ(report.overall.predicted, 1U);
  EXPECT_NE(report.judged[2].refused.find("z80"), std::string::npos);
  EXPECT_NE(report.judged[3].refused.find("fit"), std::string::npos);
}

TEST(Predict, MoreClientsWaitLonger) {
  const auto asked = rows(
      "1,meta-llama/Llama-3.1-8B,h100_sxm,vllm,,1024,256,1,,4,,,\n"
      "2,meta-llama/Llama-3.1-8B,h100_sxm,vllm,,1024,256,1,,64,,,\n");
  const Report report = judged(asked);
  EXPECT_LT(report.judged[0].prediction->tpot_s, report.judged[1].prediction->tpot_s);
  EXPECT_FALSE(report.overall.tpot_mape);
}

}  // namespace
}  // namespace assay::calibrate

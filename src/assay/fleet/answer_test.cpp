// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/answer.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "assay/fleet/fuzz_body.hpp"

namespace assay::fleet {
namespace {

const std::string kVector =
    R"({"status":"success","isPartial":true,"warnings":["one store is away"],"data":{"resultType":)"
    R"("vector","result":[{"metric":{"node":"a","n":1},"value":[1700000000.1,"2.5e3"]},)"
    R"({"metric":{},"value":[1,"NaN"]},{"metric":{},"value":[1,"+Inf"]}]}})";

TEST(Answer, ReadsAVector) {
  const auto answer = parse_vector(kVector);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  ASSERT_EQ(answer->rows.size(), 1U);  // what is no number is none
  EXPECT_EQ(answer->rows[0].value, 2500);
  EXPECT_EQ(exposition::label(answer->rows[0].labels, "node"), "a");
  EXPECT_TRUE(answer->partial);
  EXPECT_EQ(answer->warnings, std::vector<std::string>{"one store is away"});
  EXPECT_EQ(answer->only(7), 2500);
  EXPECT_EQ(Answer().only(7), 7);
}

TEST(Answer, ReadsATrace) {
  const auto trace =
      parse_trace(R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},)"
                  R"("values":[[1,"1"],[2,"NaN"],[3,"4"]]}]}})");
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->values, (std::vector<double>{1, 4}));
  EXPECT_TRUE(parse_trace(R"({"status":"success","data":{"resultType":"matrix","result":[]}})")
                  ->values.empty());
}

TEST(Answer, SaysWhatTheServerRefused) {
  const auto refused =
      parse_vector(R"({"status":"error","errorType":"bad_data","error":"parse error"})");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error(), (Error{ErrorCode::invalid_argument, "parse error"}));
}

TEST(Answer, RefusesOtherTexts) {
  for (const char* text : {"", "<html>", "[]", "{}", R"({"status":"success"})",
                           R"({"status":"success","data":{"resultType":"matrix","result":[]}})",
                           R"({"status":"success","data":{"resultType":"vector","result":{}}})",
                           R"({"status":"success","data":{"resultType":"vector","result":[1]}})"}) {
    const auto answer = parse_vector(text);
    ASSERT_FALSE(answer.ok()) << text;
    EXPECT_EQ(answer.error().code, ErrorCode::corrupt);
  }
}

TEST(Mutation, NoTextCrashesTheReader) {
  std::mt19937 random(20261129);  // fixed: a failure must come again
  static constexpr std::string_view kSyntax = "{}[]\",:0eN\\-";
  for (int i = 0; i < 50'000; ++i) {
    std::string text = kVector;
    for (std::size_t n = 1 + random() % 4; n > 0 && !text.empty(); --n) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0: text[at] = static_cast<char>(random() % 256); break;
        case 1: text.erase(at, 1 + random() % 9); break;
        default: text.insert(at, 1, kSyntax[random() % kSyntax.size()]); break;
      }
    }
    fuzz_answer(text);
  }
}

}  // namespace
}  // namespace assay::fleet

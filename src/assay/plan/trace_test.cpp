// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/trace.hpp"

#include <gtest/gtest.h>

namespace assay::plan {
namespace {

std::string error_of(std::string_view text) {
  const auto read = parse_trace("t.csv", text);
  return read ? "" : read.error().message;
}

TEST(Trace, ReadsColumnsByName) {
  const auto read = parse_trace("t.csv",
                                "num_decode_tokens,id,arrived_at,num_prefill_tokens\r\n"
                                "7,a,12.5,100\r\n\n3,b,10.25,50\r\n");
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].prompt, 50);  // sorted by arrival, the first at 0
  EXPECT_EQ((*read)[0].arrival, Seconds(0));
  EXPECT_EQ((*read)[1].arrival, Seconds(2.25));
  EXPECT_EQ((*read)[1].output, 7);
}

TEST(Trace, SaysWhichLineIsWrong) {
  const std::string head = "arrived_at,num_prefill_tokens,num_decode_tokens\n";
  EXPECT_NE(error_of("arrived_at,num_prefill_tokens\n1,2\n")
                .find("t.csv:1: the trace has no column "
                      "num_decode_tokens"),
            std::string::npos);
  EXPECT_NE(error_of(head + "0,5,5\n1,x,5\n").find("t.csv:3: num_prefill_tokens is no number"),
            std::string::npos);
  for (const std::string row : {"0,0,5", "0,-1,5", "0,5,0", "-1,5,5", "0,1.5,5", "0,1e9,5",
                                "nan,5,5", "inf,5,5", "0,5", ""})
    EXPECT_FALSE(parse_trace("t.csv", head + row + "\n").ok()) << row;
  EXPECT_FALSE(parse_trace("t.csv", "").ok());
}

}  // namespace
}  // namespace assay::plan

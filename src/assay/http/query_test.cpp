// SPDX-License-Identifier: Apache-2.0
#include "assay/http/query.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace assay::http {
namespace {

TEST(Query, DecodesNamesAndValues) {
  const Query query = Query::parse("a=1&b%20c=x+y%26z&flag&&e=").value();
  ASSERT_EQ(query.all().size(), 4U);
  EXPECT_EQ(*query.find("a"), "1");
  EXPECT_EQ(*query.find("b c"), "x y&z");
  EXPECT_EQ(*query.find("flag"), "");
  EXPECT_EQ(*query.find("e"), "");
  EXPECT_EQ(query.find("f"), nullptr);
}

TEST(Query, RefusesWhatIsMalformed) {
  for (const char* text : {"a=%", "a=%4", "a=%zz", "a=%00", "a=%0a", "a=%ff", "a=%c0%80",
                           "a=%ed%a0%80", "a=%f4%90%80%80", "a=%e2%82", "a=1&a=2"})
    EXPECT_FALSE(Query::parse(text)) << text;
  EXPECT_TRUE(Query::parse("a=%c3%a4%e2%82%ac%f0%9f%98%80"));
  std::string many;
  for (int i = 0; i < 65; ++i) many += "p" + std::to_string(i) + "=1&";
  EXPECT_FALSE(Query::parse(many));
}

TEST(Query, APathKeepsItsPlus) { EXPECT_EQ(percent_decode("a+b%2Fc", false).value(), "a+b/c"); }

RC_GTEST_PROP(Query, WhatIsEncodedIsDecodedAgain, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::inRange(' ', '\x7f')).as("printable text");
  RC_ASSERT(percent_decode(percent_encode(text), true).value() == text);
}

// test/fuzz does the same for longer.
RC_GTEST_PROP(Query, NoBytesCrashIt, (const std::string& bytes)) {
  const auto query = Query::parse(bytes);
  if (query)
    for (const auto& [name, value] : query->all()) RC_ASSERT(query->find(name) == &value);
}

}  // namespace
}  // namespace assay::http

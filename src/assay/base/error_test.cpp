// SPDX-License-Identifier: Apache-2.0
#include "assay/base/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace assay {
namespace {

TEST(Error, EachCodeHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code)
    words.insert(to_string(static_cast<ErrorCode>(code)));
  EXPECT_EQ(words.size(), static_cast<std::size_t>(ErrorCode::internal) + 1);
  EXPECT_FALSE(words.contains("unknown error"));
  EXPECT_FALSE(words.contains(""));
}

TEST(Error, WithinPutsTheCallerInFrontAndKeepsTheCode) {
  const Error error{ErrorCode::corrupt, "page 3 is torn"};
  EXPECT_EQ(error.within("open a.assay"),
            (Error{ErrorCode::corrupt, "open a.assay: page 3 is torn"}));
  EXPECT_EQ(error.message, "page 3 is torn");
}

TEST(Error, IsAnInternalOneUnlessSaidOtherwise) { EXPECT_EQ(Error{}.code, ErrorCode::internal); }

}  // namespace
}  // namespace assay

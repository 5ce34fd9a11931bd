// SPDX-License-Identifier: Apache-2.0
#include "assay/base/counted.hpp"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Counted, OneIsSingular) {
  EXPECT_EQ(counted(0, "window"), "0 windows");
  EXPECT_EQ(counted(1, "window"), "1 window");
  EXPECT_EQ(counted(2U, "window"), "2 windows");
  EXPECT_EQ(counted(-1LL, "window"), "-1 windows");
}

}  // namespace
}  // namespace assay

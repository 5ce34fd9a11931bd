// SPDX-License-Identifier: Apache-2.0
#include "assay/base/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace assay {
namespace {

const Error kFull{ErrorCode::io, "the disk is full"};

Result<int> half(int n) {
  if (n % 2 != 0) return Error{ErrorCode::invalid_argument, std::to_string(n) + " is odd"};
  return n / 2;
}

Result<int> quarter(int n) {
  TRY_ASSIGN(const int first, half(n));
  TRY_ASSIGN(const int second, half(first));
  return second;
}

Status check_quarter(int n, int& reached) {
  TRY(half(n));
  reached = 1;
  TRY(quarter(n));
  reached = 2;
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_TRUE(half(4).ok());
  EXPECT_EQ(*half(4), 2);
  EXPECT_FALSE(half(3));
  EXPECT_EQ(half(3).error().message, "3 is odd");
}

TEST(Result, AFalseValueIsStillAValue) {
  EXPECT_TRUE(Result<bool>(false).ok());
  EXPECT_TRUE(Result<int>(0));
  EXPECT_FALSE(*Result<bool>(false));
}

TEST(Result, TryAssignHandsTheFirstErrorUp) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().message, "3 is odd");
  EXPECT_EQ(quarter(5).error(), (Error{ErrorCode::invalid_argument, "5 is odd"}));
}

TEST(Result, TryStopsAtTheErrorAndGoesOnWithout) {
  int reached = 0;
  EXPECT_FALSE(check_quarter(5, reached).ok());
  EXPECT_EQ(reached, 0);
  EXPECT_EQ(check_quarter(6, reached).error().message, "3 is odd");
  EXPECT_EQ(reached, 1);
  EXPECT_TRUE(check_quarter(8, reached).ok());
  EXPECT_EQ(reached, 2);
}

Result<std::unique_ptr<int>> boxed(int n) { return std::make_unique<int>(n); }

Result<int> unboxed() {
  TRY_ASSIGN(const std::unique_ptr<int> box, boxed(7));
  return *box;
}

TEST(Result, CarriesWhatCanOnlyBeMoved) {
  EXPECT_EQ(*unboxed(), 7);
  Result<std::unique_ptr<int>> result = boxed(9);
  EXPECT_EQ(**result, 9);
  EXPECT_EQ(**std::move(result), 9);
}

TEST(Result, ValueCanBeChangedInPlace) {
  Result<std::string> text(std::string("a"));
  text->push_back('b');
  *text += "c";
  EXPECT_EQ(text.value(), "abc");
}

TEST(Status, IsOkByDefaultAndKeepsItsError) {
  EXPECT_TRUE(Status().ok());
  EXPECT_EQ(Status(kFull).error(), kFull);
}

TEST(ResultDeath, ReadingTheWrongHalfIsABug) {
  EXPECT_DEATH(static_cast<void>(half(3).value()), "bug: CHECK\\(ok\\(\\)\\)");
  EXPECT_DEATH(static_cast<void>(half(4).error()), "bug: CHECK\\(!ok\\(\\)\\)");
  EXPECT_DEATH(static_cast<void>(Status().error()), "bug: CHECK");
}

}  // namespace
}  // namespace assay

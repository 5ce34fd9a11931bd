// SPDX-License-Identifier: Apache-2.0
#include "assay/units/quantity.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <type_traits>

#include "assay/units/units.hpp"

namespace assay {
namespace {

TEST(Quantity, StartsAtZero) { EXPECT_EQ(Watts().value(), 0); }

TEST(Quantity, ArithmeticIsThatOfTheNumbers) {
  EXPECT_TRUE(rc::check([](double a, double b) {
    RC_ASSERT((Watts(a) + Watts(b)).value() == a + b);
    RC_ASSERT((Watts(a) - Watts(b)).value() == a - b);
    RC_ASSERT((Watts(a) * b).value() == a * b);
    RC_ASSERT((b * Watts(a)).value() == b * a);
    RC_ASSERT((-Watts(a)).value() == -a);
    RC_PRE(b != 0);
    RC_ASSERT((Watts(a) / b).value() == a / b);
    RC_ASSERT(Watts(a) / Watts(b) == a / b);
  }));
}

TEST(Quantity, OrderIsThatOfTheNumbers) {
  EXPECT_TRUE(rc::check([](double a, double b) {
    RC_ASSERT((Bytes(a) < Bytes(b)) == (a < b));
    RC_ASSERT((Bytes(a) == Bytes(b)) == (a == b));
  }));
}

TEST(Quantity, GrowsAndShrinksInPlace) {
  Bytes total(5);
  total += Bytes(3);
  total -= Bytes(1);
  EXPECT_EQ(total, Bytes(7));
}

TEST(Quantity, CostsWhatADoubleCosts) {
  EXPECT_EQ(sizeof(Watts), sizeof(double));
  EXPECT_TRUE(std::is_trivially_copyable_v<Watts>);
}

TEST(Quantity, UnitsDoNotConvertIntoEachOtherNorFromNumbers) {
  EXPECT_FALSE((std::is_convertible_v<double, Watts>));
  EXPECT_FALSE((std::is_convertible_v<Watts, double>));
  EXPECT_FALSE((std::is_constructible_v<Watts, Joules>));
  EXPECT_FALSE((std::is_constructible_v<Ratio, double>));
  EXPECT_FALSE((std::is_convertible_v<Ratio, double>));
}

}  // namespace
}  // namespace assay

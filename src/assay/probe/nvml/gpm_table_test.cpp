// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/gpm_table.hpp"

#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Reason;
using sample::State;

const GpmRow& row_of(Id id) {
  for (const GpmRow& row : gpm_rows())
    if (row.metric == id) return row;
  ADD_FAILURE() << "no row for " << metric::to_string(id);
  return gpm_rows().front();
}

abi::GpmMetric metric_of(std::uint32_t id, double value, abi::Return code = abi::Return::success) {
  abi::GpmMetric metric{};
  metric.id = id;
  metric.result = code;
  metric.value = value;
  return metric;
}

constexpr Seconds kWindow{1.0};

TEST(GpmTable, CoversEveryMetricOfTheTableThatComesFromGpmAndNoOther) {
  std::set<Id> covered;
  std::uint32_t last = 0;
  for (const GpmRow& row : gpm_rows()) {
    EXPECT_GT(row.id, last);
    last = row.id;
    EXPECT_TRUE(covered.insert(row.metric).second) << metric::to_string(row.metric);
    EXPECT_EQ(metric::def(row.metric).source, metric::Source::gpm);
  }
  for (const metric::Def& def : metric::all())
    EXPECT_EQ(covered.contains(def.id), def.source == metric::Source::gpm) << def.name;
}

TEST(GpmTable, UnitsAgreeWithTheMetricTable) {
  for (const GpmRow& row : gpm_rows()) {
    const metric::Unit unit = metric::def(row.metric).unit;
    if (row.unit == GpmUnit::percent) {
      EXPECT_EQ(unit, metric::Unit::ratio);
    }
    if (row.unit == GpmUnit::mib_per_second) {
      EXPECT_EQ(unit, metric::Unit::bytes_per_second);
    }
    if (row.unit == GpmUnit::count) {
      EXPECT_EQ(unit, metric::Unit::count);
    }
  }
}

TEST(GpmTable, KnowsTheNumbersOfNvmlH) {
  EXPECT_EQ(row_of(Id::sm_active).id, 2U);
  EXPECT_EQ(row_of(Id::dram_util).id, 10U);
  EXPECT_EQ(row_of(Id::pcie_rx).id, 21U);
  EXPECT_EQ(row_of(Id::nvdec7_util).id, 37U);
  EXPECT_EQ(row_of(Id::nvlink17_tx).id, 97U);
  EXPECT_EQ(row_of(Id::c2c13_data_rx).id, 159U);
  EXPECT_EQ(row_of(Id::nvenc3_util).id, 169U);
  EXPECT_EQ(row_of(Id::ctxsw7_active).id, 209U);
}

TEST(GpmReading, PercentBecomesRatio) {
  const auto r = gpm_reading(row_of(Id::sm_active), abi::Return::success, 100.0 / 132, kWindow);
  EXPECT_EQ(r.state(), State::measured);
  EXPECT_DOUBLE_EQ(*r.value(), 1.0 / 132);
  EXPECT_EQ(r.source(), metric::Source::gpm);
  EXPECT_EQ(r.window(), kWindow);
}

TEST(GpmReading, MebibytesBecomeBytes) {
  const auto r = gpm_reading(row_of(Id::pcie_tx), abi::Return::success, 2.0, kWindow);
  EXPECT_DOUBLE_EQ(*r.value(), 2.0 * 1048576);
}

TEST(GpmReading, RoundingOverTheTopIsClampedAndMoreIsInvalid) {
  const GpmRow& row = row_of(Id::fp32_util);
  EXPECT_DOUBLE_EQ(*gpm_reading(row, abi::Return::success, 100.09, kWindow).value(), 1.0);
  const auto over = gpm_reading(row, abi::Return::success, 100.2, kWindow);
  EXPECT_EQ(over.state(), State::invalid);
  EXPECT_EQ(over.reason(), Reason::out_of_range);
  EXPECT_FALSE(over.value().has_value());
  EXPECT_DOUBLE_EQ(*over.raw(), 1.002);
  EXPECT_EQ(gpm_reading(row, abi::Return::success, -1.0, kWindow).state(), State::invalid);
}

TEST(GpmReading, AWrappedTrafficCounterIsInvalid) {
  const auto wrapped =
      gpm_reading(row_of(Id::pcie_rx), abi::Return::success, 1.7592e13 /* 2^64 B/s */, kWindow);
  EXPECT_EQ(wrapped.state(), State::invalid);
  EXPECT_EQ(wrapped.reason(), Reason::out_of_range);
}

TEST(GpmReading, WhatIsMissingIsNeverZero) {
  EXPECT_TRUE(rc::check("no value for NaN, infinity or a failed call", [] {
    const auto rows = gpm_rows();
    const GpmRow& row = rows[*rc::gen::inRange<std::size_t>(0, rows.size())];
    const bool failed = *rc::gen::arbitrary<bool>();
    const double bad = *rc::gen::element(std::nan(""), HUGE_VAL, -HUGE_VAL);
    const auto code =
        failed ? static_cast<abi::Return>(*rc::gen::inRange(1, 40)) : abi::Return::success;
    const auto r = gpm_reading(row, code, failed ? 0.0 : bad, kWindow);
    RC_ASSERT(r.state() == State::unknown);
    RC_ASSERT(!r.raw().has_value());
    RC_ASSERT(r.reason() != Reason::none && r.reason() != Reason::not_read);
  }));
}

TEST(GpmReading, WhatIsUsableIsWithinTheLimit) {
  EXPECT_TRUE(rc::check("a usable value is within [0, limit]", [](double raw) {
    for (const GpmRow& row : gpm_rows()) {
      const auto value = gpm_reading(row, abi::Return::success, raw, kWindow).value();
      if (value) {
        RC_ASSERT(*value >= 0.0 && *value <= row.limit);
      }
    }
  }));
}

TEST(SameRefresh, ZerosWithANanAreNoData) {
  const double nan = std::nan("");
  EXPECT_TRUE(is_same_refresh(std::vector{metric_of(2, 0.0), metric_of(10, nan)}));
  EXPECT_FALSE(is_same_refresh(std::vector{metric_of(2, 0.0), metric_of(10, 0.0)}));  // idle
  EXPECT_FALSE(is_same_refresh(std::vector{metric_of(2, 0.7), metric_of(10, nan)}));
  EXPECT_FALSE(is_same_refresh({}));
  for (const double nonsense : {-5.0, 1.0 / 0.0, 0x1p64})
    EXPECT_TRUE(is_same_refresh(std::vector{metric_of(2, 0.0), metric_of(10, nonsense)}));
  // What was not answered says nothing either way.
  EXPECT_TRUE(is_same_refresh(std::vector{metric_of(2, 5.0, abi::Return::not_supported),
                                          metric_of(3, 0.0), metric_of(10, nan)}));
}

}  // namespace
}  // namespace assay::probe::nvml

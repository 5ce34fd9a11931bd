// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/account.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace assay::fleet {
namespace {

std::optional<double> two_dollars(std::string_view chip) {
  return chip == "h100" ? std::optional(2.0) : std::nullopt;
}

Row row(exposition::Labels labels, double value) { return {std::move(labels), value}; }

// Two nodes for 2 h: "a" has 2 devices held idle for three quarters and engaged for
// the rest; "b" one that nobody held, and that came at half-time.
Window two_nodes() {
  Window w;
  w.devices.rows = {row({{"node", "a"}, {"chip", "h100"}}, 2),
                    row({{"node", "b"}, {"chip", "h100"}}, 1)};
  w.parts.rows = {row({{"node", "a"}, {"chip", "h100"}, {"loss", "idle_held"}}, 3),
                  row({{"node", "a"}, {"chip", "h100"}, {"loss", "engaged"}}, 1),
                  row({{"node", "b"}, {"chip", "h100"}, {"loss", "not_held"}}, 1)};
  return w;
}

TEST(Account, SumsHoursAndPricesThemByTheCatalog) {
  const Account a = account(By::node, Names::assay, two_nodes(), nullptr, two_dollars);
  ASSERT_EQ(a.holders.size(), 2U);
  EXPECT_TRUE(a.priced);
  const Holder& first = a.holders[0];
  EXPECT_EQ(first.key, "a");
  EXPECT_EQ(first.devices, 2);
  EXPECT_DOUBLE_EQ(first.hours, 4);
  EXPECT_DOUBLE_EQ(*first.lost_hours, 3);
  EXPECT_DOUBLE_EQ(*first.lost_usd, 6);
  EXPECT_DOUBLE_EQ(*first.cost_usd, 8);
  EXPECT_DOUBLE_EQ(first.parts.at("engaged").hours, 1);
  EXPECT_FALSE(first.lost_usd_before.has_value());
  const Holder& second = a.holders[1];
  EXPECT_DOUBLE_EQ(second.hours, 1);  // it was there for half of the window
  EXPECT_DOUBLE_EQ(*second.lost_usd, 2);
  EXPECT_DOUBLE_EQ(*a.total.lost_usd, 8);
  EXPECT_DOUBLE_EQ(a.total.hours, 5);
  EXPECT_DOUBLE_EQ(a.total.parts.at("idle_held").hours, 3);
}

TEST(Account, TakesTheSeriesOwnPriceWhereThereIsOne) {
  Window w = two_nodes();
  w.price.rows = {row({{"node", "a"}, {"chip", "h100"}}, 5)};
  Account a = account(By::node, Names::assay, w, nullptr, two_dollars);
  EXPECT_DOUBLE_EQ(*a.holders[0].lost_usd, 15);
  EXPECT_DOUBLE_EQ(*a.total.cost_usd, 25);  // "b" by its chip's price elsewhere
  w.price.rows[0].labels[1].value = "another chip";
  a = account(By::node, Names::assay, w, nullptr, two_dollars);
  EXPECT_DOUBLE_EQ(*a.total.cost_usd, 10);
}

TEST(Account, WithoutAPriceHasHoursAlone) {
  const Account a = account(By::node, Names::assay, two_nodes(), nullptr,
                            [](std::string_view) { return std::optional<double>(); });
  EXPECT_FALSE(a.priced);
  EXPECT_FALSE(a.holders[0].lost_usd.has_value());
  EXPECT_FALSE(a.total.cost_usd.has_value());
  EXPECT_EQ(a.holders[0].key, "a");
}

TEST(Account, ComparesWithTheWindowBefore) {
  Window before = two_nodes();
  before.parts.rows[0].value = 1;
  before.parts.rows[2].labels[0].value = "gone";
  const Account a = account(By::node, Names::assay, two_nodes(), &before, two_dollars);
  ASSERT_EQ(a.holders.size(), 3U);
  const auto moved = movers(a, 2);
  ASSERT_EQ(moved.size(), 2U);
  EXPECT_EQ(moved[0]->key, "a");
  EXPECT_DOUBLE_EQ(*change(a, *moved[0]), 4);
  EXPECT_DOUBLE_EQ(*a.total.lost_usd_before, 4);
  const auto gone = std::ranges::find(a.holders, "gone", &Holder::key);
  ASSERT_NE(gone, a.holders.end());
  EXPECT_DOUBLE_EQ(*change(a, *gone), -2);
}

TEST(Account, OfAWindowBeforeWhosePricesAreUnknownHasNoChange) {
  Window before = two_nodes();
  before.parts.rows[0].labels[1].value = "a chip that nobody prices";
  const Account a = account(By::node, Names::assay, two_nodes(), &before, two_dollars);
  EXPECT_FALSE(change(a, a.total).has_value());
  EXPECT_FALSE(change(a, a.holders[0]).has_value());
  EXPECT_TRUE(movers(a, 5).empty());
  EXPECT_DOUBLE_EQ(*a.total.lost_hours_before, 4);
}

TEST(Account, OfDcgmsNames) {
  Window w;
  const exposition::Labels a = {{"Hostname", "a"}, {"modelName", "h100"}};
  const exposition::Labels b = {{"Hostname", "b"}, {"modelName", "h100"}};
  w.devices.rows = {row(a, 1), row(b, 1)};
  w.parts.rows = {row(a, 1), row(b, 1)};
  w.busy.rows = {row(b, 1), row(a, 0.5)};
  w.sm_active.rows = {row(a, 0.1)};
  const Account account_ = account(By::node, Names::dcgm, w, nullptr, two_dollars);
  const Holder& first = account_.holders[0];
  EXPECT_EQ(first.key, "a");
  EXPECT_DOUBLE_EQ(first.parts.at("idle").hours, 0.5);
  EXPECT_DOUBLE_EQ(first.parts.at("empty_sms").hours, 0.4);
  EXPECT_DOUBLE_EQ(first.parts.at("sm_active").hours, 0.1);
  EXPECT_DOUBLE_EQ(*first.lost_usd, 1.8);
  // Without the profiling metrics what a busy device did is not known, and no loss.
  EXPECT_DOUBLE_EQ(account_.holders[1].parts.at("unattributed").hours, 1);
  EXPECT_DOUBLE_EQ(*account_.holders[1].lost_usd, 0);
}

TEST(Account, OfPodsAndOfWhatHasNone) {
  Window w;
  w.parts.rows = {
      row({{"pod", "web"}, {"namespace", "prod"}, {"chip", "h100"}, {"loss", "stalled"}}, 10),
      row({{"chip", "h100"}, {"loss", "not_held"}}, 5),
      row({{"pod_uid", "0c4f-uid"}, {"chip", "h100"}, {"loss", "stalled"}}, 7)};
  const Account a = account(By::pod, Names::assay, w, nullptr, two_dollars);
  EXPECT_EQ(a.holders[0].key, "prod/web");
  ASSERT_EQ(a.holders.size(), 3U);
  EXPECT_EQ(a.holders[1].key, "0c4f-uid");
  EXPECT_EQ(a.holders[2].key, "");
}

TEST(Account, OfCauses) {
  Window w;
  w.parts.rows = {row({{"cause", "held-idle"}}, 4), row({{"cause", "tail-wave"}}, 2)};
  w.price.rows = {row({{"cause", "held-idle"}}, 6), row({{"cause", "tail-wave"}}, 18)};
  w.lost.rows = {row({{"cause", "held-idle"}}, 3), row({{"cause", "tail-wave"}}, 1.5)};
  const Account a = account_of_causes(w, nullptr);
  EXPECT_EQ(a.holders[0].key, "tail-wave");
  EXPECT_DOUBLE_EQ(*a.holders[0].lost_usd, 18);
  EXPECT_DOUBLE_EQ(a.holders[1].hours, 4);
  EXPECT_DOUBLE_EQ(*a.holders[1].lost_hours, 3);  // of its hours those that were lost
  EXPECT_DOUBLE_EQ(*a.total.lost_hours, 4.5);
  EXPECT_FALSE(a.compared);
  EXPECT_FALSE(a.total.devices.has_value());
  EXPECT_FALSE(a.total.cost_usd.has_value());
}

TEST(Account, OfCausesWithoutAPriceComparesHoursLost) {
  Window w;
  w.parts.rows = {row({{"cause", "healthy"}}, 4), row({{"cause", "tail-wave"}}, 2)};
  w.lost.rows = {row({{"cause", "healthy"}}, 0.5), row({{"cause", "tail-wave"}}, 1.5)};
  Window before;
  before.parts.rows = {row({{"cause", "healthy"}}, 1), row({{"cause", "held-idle"}}, 3)};
  before.lost.rows = {row({{"cause", "healthy"}}, 0.5), row({{"cause", "held-idle"}}, 3)};
  const Account a = account_of_causes(w, &before);
  EXPECT_TRUE(a.compared);
  EXPECT_EQ(a.holders[0].key, "tail-wave");
  const auto moved = movers(a, 5);
  ASSERT_EQ(moved.size(), 2U);  // healthy lost as much as before, of more hours
  EXPECT_EQ(moved[0]->key, "held-idle");
  EXPECT_DOUBLE_EQ(*change(a, *moved[0]), -3);
  EXPECT_FALSE(moved[0]->cost_usd.has_value());
  EXPECT_DOUBLE_EQ(*change(a, a.total), -1.5);
}

TEST(Account, ACauseWithoutDollarsLeavesTheOthersTotal) {
  Window w;
  w.parts.rows = {row({{"cause", "held-idle"}}, 4), row({{"cause", "healthy"}}, 0.001)};
  w.price.rows = {row({{"cause", "held-idle"}}, 6)};
  const Account a = account_of_causes(w, nullptr);
  EXPECT_TRUE(a.priced);
  EXPECT_DOUBLE_EQ(*a.total.lost_usd, 6);
  EXPECT_FALSE(a.holders[1].lost_usd.has_value());
}

TEST(Account, TakesRoundingForNothing) {
  Window w;
  w.parts.rows = {row({{"node", "a"}, {"chip", "h100"}, {"loss", "unattributed"}}, 4.58e-18)};
  const Account a = account(By::node, Names::assay, w, nullptr, two_dollars);
  EXPECT_EQ(a.total.parts.at("unattributed").hours, 0);
}

TEST(Account, OfAnEmptyFleetIsEmpty) {
  const Account a = account(By::node, Names::assay, {}, nullptr, two_dollars);
  EXPECT_TRUE(a.holders.empty());
  EXPECT_FALSE(a.priced);
}

}  // namespace
}  // namespace assay::fleet

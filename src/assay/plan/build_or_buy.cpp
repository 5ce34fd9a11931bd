// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/build_or_buy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace assay::plan {
namespace {

constexpr double kHoursPerYear = 8766;  // of 365.25 days
constexpr double kSecondsPerYear = kHoursPerYear * 3600;

Dollars electricity_cost(const BuildOrBuy& input, Watts power) {
  const double hours = input.duty.years * kHoursPerYear * input.duty.utilization.value();
  return power.value() / 1000 * hours * input.electricity.pue * input.electricity.per_kwh;
}

std::pair<Cost, Cost> costs(const BuildOrBuy& input, const WorkedOut& from) {
  Cost buy{from.bought_price, std::nullopt};
  Cost build{from.chip_cost / from.performance, std::nullopt};
  if (from.bought_power) buy.electricity = electricity_cost(input, *from.bought_power);
  if (from.power) build.electricity = electricity_cost(input, *from.power) / from.performance;
  return {buy, build};
}

Error bad(std::string_view what, double value, std::string_view must) {
  return {ErrorCode::invalid_argument, fmt::format("{} is {:g}: it must be {}", what, value, must)};
}

Status positive(std::string_view what, double value) {
  if (std::isfinite(value) && value > 0) return {};
  return bad(what, value, "a number above 0");
}

Status check_saving(const WorkedOut& from) {
  TRY(positive("the cost of a chip", from.chip_cost.value()));
  TRY(positive("the performance of a chip", from.performance));
  TRY(positive("the price of the bought chip", from.bought_price.value()));
  if (from.power) TRY(positive("the power of a chip", from.power->value()));
  if (from.bought_power) TRY(positive("the power of the bought chip", from.bought_power->value()));
  return {};
}

// An input as a name and a way to move it; false where this case has no such input.
struct Knob {
  std::string_view name;
  bool (*scale)(BuildOrBuy& input, double factor);
};

template <Dollars WorkedOut::* Member>
bool scale_worked_out(BuildOrBuy& input, double factor) {
  auto* from = std::get_if<WorkedOut>(&input.saving);
  if (from != nullptr) from->*Member = from->*Member * factor;
  return from != nullptr;
}

template <std::optional<Watts> WorkedOut::* Member>
bool scale_power(BuildOrBuy& input, double factor) {
  auto* from = std::get_if<WorkedOut>(&input.saving);
  if (from == nullptr || !from->power || !from->bought_power) return false;
  from->*Member = *(from->*Member) * factor;
  return true;
}

bool counts_electricity(const BuildOrBuy& input) {
  const auto* from = std::get_if<WorkedOut>(&input.saving);
  return from != nullptr && from->power && from->bought_power;
}

bool scale_known(BuildOrBuy& input, double factor) {
  auto* known = std::get_if<KnownSaving>(&input.saving);
  if (known != nullptr) known->per_chip = known->per_chip * factor;
  return known != nullptr;
}

bool scale_performance(BuildOrBuy& input, double factor) {
  auto* from = std::get_if<WorkedOut>(&input.saving);
  if (from != nullptr) from->performance *= factor;
  return from != nullptr;
}

bool scale_nre(BuildOrBuy& input, double factor) {
  input.nre = input.nre * factor;
  return true;
}

bool scale_kwh(BuildOrBuy& input, double factor) {
  input.electricity.per_kwh = input.electricity.per_kwh * factor;
  return counts_electricity(input);
}

bool scale_years(BuildOrBuy& input, double factor) {
  input.duty.years *= factor;
  return counts_electricity(input);
}

bool scale_utilization(BuildOrBuy& input, double factor) {
  const double scaled = std::min(1.0, input.duty.utilization.value() * factor);
  input.duty.utilization = Ratio::fraction(scaled);
  return counts_electricity(input);
}

constexpr std::array kKnobs{
    Knob{"nre", scale_nre},
    Knob{"saving_per_chip", scale_known},
    Knob{"bought_price", scale_worked_out<&WorkedOut::bought_price>},
    Knob{"chip_cost", scale_worked_out<&WorkedOut::chip_cost>},
    Knob{"performance", scale_performance},
    Knob{"bought_power", scale_power<&WorkedOut::bought_power>},
    Knob{"power", scale_power<&WorkedOut::power>},
    Knob{"usd_per_kwh", scale_kwh},
    Knob{"utilization", scale_utilization},
    Knob{"years", scale_years},
};

}  // namespace

Status check(const BuildOrBuy& input) {
  TRY(positive("the cost of development", input.nre.value()));
  if (const auto* known = std::get_if<KnownSaving>(&input.saving)) {
    TRY(positive("the saving per chip", known->per_chip.value()));
  } else {
    TRY(check_saving(std::get<WorkedOut>(input.saving)));
  }
  TRY(positive("the price of a kWh", input.electricity.per_kwh.value()));
  if (!(input.electricity.pue >= 1 && input.electricity.pue <= 10)) {
    return bad("the PUE", input.electricity.pue, "from 1 to 10");
  }
  TRY(positive("the life of a chip in years", input.duty.years));
  if (input.duty.years > 30)
    return bad("the life of a chip in years", input.duty.years, "30 at most");
  TRY(positive("the utilization", input.duty.utilization.value()));
  if (input.duty.utilization.value() > 1) {
    return bad("the utilization", input.duty.utilization.value(), "1 (100 %) at most");
  }
  if (input.tokens_per_second) TRY(positive("the tokens a second", *input.tokens_per_second));
  return {};
}

BreakEven break_even(const BuildOrBuy& input) {
  BreakEven out;
  if (const auto* known = std::get_if<KnownSaving>(&input.saving)) {
    out.saving_per_chip = known->per_chip;
  } else {
    const auto [buy, build] = costs(input, std::get<WorkedOut>(input.saving));
    out.buy = buy;
    out.build = build;
    out.saving_per_chip =
        out.hardware_alone() ? buy.capital - build.capital : *buy.total() - *build.total();
  }
  if (out.saving_per_chip > Dollars(0)) out.chips = input.nre / out.saving_per_chip;
  if (const auto* worked = std::get_if<WorkedOut>(&input.saving); worked != nullptr && out.chips)
    out.own_chips = *out.chips / worked->performance;
  if (!input.tokens_per_second) return out;
  const double yearly = *input.tokens_per_second * input.duty.utilization.value() * kSecondsPerYear;
  if (out.chips) out.tokens_per_year = *out.chips * yearly;
  if (out.buy && out.buy->total())
    out.buy_per_mtok = 1e6 / (yearly * input.duty.years) * *out.buy->total();
  return out;
}

std::vector<Sensitivity> sensitivity(const BuildOrBuy& input) {
  constexpr double kStep = 0.2;
  std::vector<Sensitivity> out;
  for (const Knob& knob : kKnobs) {
    BuildOrBuy less = input;
    BuildOrBuy more = input;
    if (!knob.scale(less, 1 - kStep) || !knob.scale(more, 1 + kStep)) continue;
    out.push_back({knob.name, break_even(less).chips, break_even(more).chips});
  }
  return out;
}

}  // namespace assay::plan
